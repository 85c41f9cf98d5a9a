/* One cell by the kind of its target column. Returns 0 for anything unusual: then the TypeScript encoder decides. */

typedef struct {
  char code;   /* h int2, i int4, l int8, f float4, d float8, n numeric, B bool, t text, v varchar, p bpchar, b bytea, u uuid, j json, J jsonb, D date, s timestamp, z timestamptz */
  char notNull;
  int most;    /* characters of v and p; digits of n, -1 without */
  int scale;   /* of n */
} Kind;

static int encode_integer(const Kind *kind, int64_t v, Bytes *out) {
  if (kind->code == 'l') return put_field64(out, (uint64_t)v), 1;
  if (kind->code == 'i') return v >= INT32_MIN && v <= INT32_MAX && (put_field32(out, (uint32_t)v), 1);
  unsigned char two[2];
  if (v < INT16_MIN || v > INT16_MAX) return 0;
  big16(two, (uint16_t)v);
  put_field(out, two, 2);
  return 1;
}

static int encode_float(const Kind *kind, sqlite3_stmt *row, int i, int type, Bytes *out) {
  double v;
  if (type == SQLITE_INTEGER) {
    int64_t whole = sqlite3_column_int64(row, i);
    if (whole > (1LL << 53) || whole < -(1LL << 53)) return 0;
    v = (double)whole;
  } else v = sqlite3_column_double(row, i);
  if (kind->code == 'd') {
    uint64_t bits;
    memcpy(&bits, &v, 8);
    put_field64(out, bits);
    return 1;
  }
  float small = (float)v;
  if ((double)small != v) return 0;
  uint32_t bits;
  memcpy(&bits, &small, 4);
  put_field32(out, bits);
  return 1;
}

/* Groups of four digits, weight, sign, display scale; only for integers. */
static int encode_whole_numeric(const Kind *kind, int64_t v, Bytes *out) {
  uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
  uint16_t groups[5];
  int count = 0, figures = 0;
  for (uint64_t rest = left; rest; rest /= 10) figures += 1;
  if (kind->most >= 0 && figures > kind->most - kind->scale) return 0;
  for (; left; left /= 10000) groups[count++] = (uint16_t)(left % 10000);
  int weight = count ? count - 1 : 0, low = 0;
  while (low < count && groups[low] == 0) low += 1;
  unsigned char field[18];
  big16(field, (uint16_t)(count - low));
  big16(field + 2, (uint16_t)weight);
  big16(field + 4, v < 0 ? 0x4000 : 0);
  big16(field + 6, (uint16_t)(kind->most >= 0 ? kind->scale : 0));
  for (int g = count - 1; g >= low; g -= 1) big16(field + 8 + (count - 1 - g) * 2, groups[g]);
  put_field(out, field, 8 + (size_t)(count - low) * 2);
  return 1;
}

static int encode_uuid(const unsigned char *p, size_t length, Bytes *out) {
  unsigned char id[16];
  int at = 0;
  if (length != 36) return 0;
  for (int i = 0; i < 36; i += 1) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (p[i] != '-') return 0;
      continue;
    }
    int four = p[i] >= '0' && p[i] <= '9' ? p[i] - '0' : p[i] >= 'a' && p[i] <= 'f' ? p[i] - 'a' + 10 : -1;
    if (four < 0) return 0;
    id[at / 2] = (unsigned char)(at % 2 ? id[at / 2] | four : four << 4);
    at += 1;
  }
  put_field(out, id, 16);
  return 1;
}

static int encode_time(const Kind *kind, const unsigned char *p, size_t length, Bytes *out) {
  IsoTime t;
  if (!read_iso(p, length, &t)) return 0;
  if (kind->code == 'D') return !t.hasTime && (put_field32(out, (uint32_t)(int32_t)t.days), 1);
  if (!t.hasTime || t.hasOffset != (kind->code == 'z')) return 0;
  put_field64(out, (uint64_t)iso_micros(&t));
  return 1;
}

static int encode_jsonb(const unsigned char *p, size_t length, Bytes *out) {
  unsigned char *field = bytes_take(out, 5 + length);
  if (field) {
    big32(field, (uint32_t)length + 1);
    field[4] = 1;
    memcpy(field + 5, p, length);
  }
  return 1;
}

static int encode_text(const Kind *kind, const unsigned char *p, size_t length, Bytes *out) {
  int64_t chars;
  switch (kind->code) {
    case 't':
    case 'v':
    case 'p':
      chars = text_chars(p, length);
      if (chars < 0 || (kind->code == 'v' && chars > kind->most) || (kind->code == 'p' && chars != kind->most)) return 0;
      break;
    case 'j':
    case 'J':
      if (text_chars(p, length) < 0 || !json_plain(p, length)) return 0;
      if (kind->code == 'J') return encode_jsonb(p, length, out);
      break;
    case 'b': break;
    case 'u': return encode_uuid(p, length, out);
    case 'D':
    case 's':
    case 'z': return encode_time(kind, p, length, out);
    default: return 0;
  }
  put_field(out, p, length);
  return 1;
}

static int encode_whole(const Kind *kind, sqlite3_stmt *row, int i, Bytes *out) {
  int64_t v = sqlite3_column_int64(row, i);
  unsigned char one = (unsigned char)v;
  switch (kind->code) {
    case 'h':
    case 'i':
    case 'l': return encode_integer(kind, v, out);
    case 'f':
    case 'd': return encode_float(kind, row, i, SQLITE_INTEGER, out);
    case 'n': return encode_whole_numeric(kind, v, out);
    case 'B': return (v == 0 || v == 1) && (put_field(out, &one, 1), 1);
    default: return 0;
  }
}

static int encode_cell(const Kind *kind, sqlite3_stmt *row, int i, Bytes *out) {
  int type = sqlite3_column_type(row, i);
  if (type == SQLITE_INTEGER) return encode_whole(kind, row, i, out);
  if (type == SQLITE_NULL) return !kind->notNull && (put32(out, 0xffffffffu), 1);
  if (type == SQLITE_FLOAT) return (kind->code == 'd' || kind->code == 'f') && encode_float(kind, row, i, type, out);
  /* column_blob gives the bytes of text as they lie there; column_text would copy each to end it with a NUL. */
  const unsigned char *p = sqlite3_column_blob(row, i);
  size_t length = (size_t)sqlite3_column_bytes(row, i);
  if (type == SQLITE_TEXT) return encode_text(kind, p, length, out);
  return kind->code == 'b' && (put_field(out, p, length), 1);
}
