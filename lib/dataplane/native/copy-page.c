/* A loadable extension of SQLite with one function:
 *   cutover_copy_page(sql, kinds, framed, max_rows, max_bytes, parameters …)
 * runs a SELECT of ours and gives its rows in PostgreSQL's binary COPY layout, as one value; `framed`: each row as the server sends it,
 * a message of its own ('d', length with itself). Columns beyond `kinds` are the key by
 * which the next page is found. It stops before the first row that holds anything unusual.
 *   result: rows | keys of the first and the last row | row bytes, rows, state (u32 little endian each; 0 more, 1 end, 2 unusual row next)
 * It keeps nothing between two calls. Text must be stored as UTF-8. */
#include "sqlite3ext.h"
SQLITE_EXTENSION_INIT1

#include "bytes.h"
#include "check-text.h"
#include "check-json.h"
#include "read-time.h"
#include "encode-cell.h"

#define MOST_COLUMNS 1700

enum { MORE = 0, END = 1, UNUSUAL = 2 };

/* "l! t v40 n10.2!": one word a column; ! = NOT NULL. Returns the number of columns, -1 when it cannot be read. */
static int read_kinds(const char *text, Kind *kinds) {
  int count = 0;
  while (*text) {
    if (count == MOST_COLUMNS) return -1;
    Kind kind = {*text++, 0, -1, 0};
    if (!strchr("hilfdnBtvpbujJDsz", kind.code)) return -1;
    for (; *text >= '0' && *text <= '9'; text += 1) kind.most = (kind.most < 0 ? 0 : kind.most * 10) + (*text - '0');
    if (*text == '.')
      for (text += 1; *text >= '0' && *text <= '9'; text += 1) kind.scale = kind.scale * 10 + (*text - '0');
    if (*text == '!') kind.notNull = *text++ == '!';
    if (*text == ' ') text += 1;
    else if (*text) return -1;
    kinds[count++] = kind;
  }
  return count;
}

static int bind_values(sqlite3_stmt *statement, int count, sqlite3_value **values) {
  for (int i = 0; i < count; i += 1) {
    int rc = sqlite3_bind_value(statement, i + 1, values[i]);
    if (rc) return rc;
  }
  return SQLITE_OK;
}

/* Tag, then eight bytes, or four of length and the bytes themselves. Returns 0 for a damaged key, by which no page can be found. */
static int put_key(sqlite3_stmt *row, int i, Bytes *out) {
  int type = sqlite3_column_type(row, i);
  unsigned char *tag = bytes_take(out, 1);
  if (!tag) return 1;
  *tag = (unsigned char)" irtbn"[type];
  if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
    uint64_t bits;
    double real = sqlite3_column_double(row, i);
    if (type == SQLITE_INTEGER) bits = (uint64_t)sqlite3_column_int64(row, i);
    else memcpy(&bits, &real, 8);
    unsigned char *p = bytes_take(out, 8);
    if (p) big64(p, bits);
  } else if (type != SQLITE_NULL) {
    const unsigned char *p = sqlite3_column_blob(row, i);
    size_t length = (size_t)sqlite3_column_bytes(row, i);
    if (type == SQLITE_TEXT && text_chars(p, length) < 0) return 0;
    put_field(out, p, length);
  }
  return 1;
}

typedef struct {
  Bytes rows, first, key;
  uint32_t count, state;
  int framed;
} Page;

#define FRAME 5

/* Writes the head of a message over the room that was left for it. A row is below 1 GB. */
static void put_frame(Bytes *rows, size_t start) {
  if (rows->failed) return;
  rows->at[start] = 'd';
  big32(rows->at + start + 1, (uint32_t)(rows->length - start - 1));
}

/* Reads rows until one of the limits. Returns SQLite's code of an error, else SQLITE_OK. */
static int read_page(sqlite3_stmt *statement, const Kind *kinds, int width, int64_t mostRows, int64_t mostBytes, Page *page) {
  int columns = sqlite3_column_count(statement), rc;
  while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
    size_t start = page->rows.length;
    int plain = 1;
    if (page->framed) bytes_take(&page->rows, FRAME);
    put16(&page->rows, (uint16_t)width);
    for (int i = 0; plain && i < width; i += 1) plain = encode_cell(&kinds[i], statement, i, &page->rows);
    size_t keyStart = page->key.length;
    for (int i = width; plain && i < columns; i += 1) plain = put_key(statement, i, &page->key);
    if (page->rows.failed || page->key.failed || page->first.failed) return SQLITE_NOMEM;
    if (!plain) {
      page->rows.length = start;
      page->key.length = keyStart;
      page->state = UNUSUAL;
      return SQLITE_OK;
    }
    if (page->framed) put_frame(&page->rows, start);
    if (keyStart) memmove(page->key.at, page->key.at + keyStart, page->key.length - keyStart);
    page->key.length -= keyStart;
    if (page->count == 0 && page->key.length) {
      unsigned char *first = bytes_take(&page->first, page->key.length);
      if (!first) return SQLITE_NOMEM;
      memcpy(first, page->key.at, page->key.length);
    }
    page->count += 1;
    if (page->count >= mostRows || (int64_t)page->rows.length >= mostBytes) return SQLITE_OK;
  }
  page->state = END;
  return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void little32(unsigned char *p, uint32_t v) {
  for (int i = 0; i < 4; i += 1) p[i] = (unsigned char)(v >> (8 * i));
}

static void give(sqlite3_context *context, Page *page) {
  size_t rowBytes = page->rows.length;
  const Bytes *keys[] = {&page->first, &page->key};
  for (int i = 0; i < 2; i += 1) {
    unsigned char *place = bytes_take(&page->rows, keys[i]->length);
    if (place && keys[i]->length) memcpy(place, keys[i]->at, keys[i]->length);
  }
  unsigned char *end = bytes_take(&page->rows, 12);
  if (!end) {
    sqlite3_free(page->rows.at);
    sqlite3_result_error_nomem(context);
    return;
  }
  little32(end, (uint32_t)rowBytes);
  little32(end + 4, page->count);
  little32(end + 8, page->state);
  sqlite3_result_blob64(context, page->rows.at, page->rows.length, sqlite3_free);
}

static void copy_page(sqlite3_context *context, int count, sqlite3_value **values) {
  Kind *kinds = sqlite3_malloc(sizeof(Kind) * MOST_COLUMNS);
  sqlite3 *db = sqlite3_context_db_handle(context);
  sqlite3_stmt *statement = 0;
  Page page;
  memset(&page, 0, sizeof page);
  if (!kinds || count < 5) {
    sqlite3_free(kinds);
    sqlite3_result_error(context, "cutover_copy_page takes sql, kinds, framed, rows, bytes, parameters", -1);
    return;
  }
  int width = read_kinds((const char *)sqlite3_value_text(values[1]), kinds);
  int rc = sqlite3_prepare_v2(db, (const char *)sqlite3_value_text(values[0]), -1, &statement, 0);
  if (!rc && (width < 0 || sqlite3_column_count(statement) < width)) rc = SQLITE_MISUSE;
  if (!rc) rc = bind_values(statement, count - 5, values + 5);
  page.framed = sqlite3_value_int(values[2]);
  if (!rc) rc = read_page(statement, kinds, width, sqlite3_value_int64(values[3]), sqlite3_value_int64(values[4]), &page);
  if (rc) {
    sqlite3_result_error(context, rc == SQLITE_NOMEM ? "out of memory" : sqlite3_errmsg(db), -1);
    sqlite3_result_error_code(context, rc);
    sqlite3_free(page.rows.at);
  } else give(context, &page);
  sqlite3_free(page.first.at);
  sqlite3_free(page.key.at);
  sqlite3_finalize(statement);
  sqlite3_free(kinds);
}

#ifdef _WIN32
__declspec(dllexport)
#else
__attribute__((visibility("default")))
#endif
int sqlite3_extension_init(sqlite3 *db, char **message, const sqlite3_api_routines *api) {
  (void)message;
  SQLITE_EXTENSION_INIT2(api);
  return sqlite3_create_function_v2(db, "cutover_copy_page", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, 0, copy_page, 0, 0, 0);
}
