/* A growing buffer of rows in PostgreSQL's binary COPY layout (big endian). */
#include <stdint.h>
#include <string.h>

typedef struct {
  unsigned char *at;
  size_t length, room;
  int failed;
} Bytes;

/* A failure is remembered. */
static int bytes_grow(Bytes *out, size_t extra) {
  size_t room = out->room ? out->room * 2 : 64 * 1024;
  while (room < out->length + extra) room *= 2;
  unsigned char *grown = out->failed ? 0 : sqlite3_realloc64(out->at, room);
  out->failed = !grown;
  if (!grown) return 0;
  out->at = grown;
  out->room = room;
  return 1;
}

/* Room for `extra` more bytes; NULL when memory ran out. */
static inline unsigned char *bytes_take(Bytes *out, size_t extra) {
  if ((out->failed || out->length + extra > out->room) && !bytes_grow(out, extra)) return 0;
  unsigned char *place = out->at + out->length;
  out->length += extra;
  return place;
}

static void big16(unsigned char *p, uint16_t v) {
  p[0] = (unsigned char)(v >> 8);
  p[1] = (unsigned char)v;
}
static void big32(unsigned char *p, uint32_t v) {
  big16(p, (uint16_t)(v >> 16));
  big16(p + 2, (uint16_t)v);
}
static void big64(unsigned char *p, uint64_t v) {
  big32(p, (uint32_t)(v >> 32));
  big32(p + 4, (uint32_t)v);
}

static void put16(Bytes *out, uint16_t v) {
  unsigned char *p = bytes_take(out, 2);
  if (p) big16(p, v);
}
static void put32(Bytes *out, uint32_t v) {
  unsigned char *p = bytes_take(out, 4);
  if (p) big32(p, v);
}
/* A field: its length, then its bytes. */
static void put_field(Bytes *out, const void *bytes, size_t length) {
  unsigned char *p = bytes_take(out, 4 + length);
  if (!p) return;
  big32(p, (uint32_t)length);
  if (length) memcpy(p + 4, bytes, length);
}
static void put_field32(Bytes *out, uint32_t v) {
  unsigned char p[4];
  big32(p, v);
  put_field(out, p, 4);
}
static void put_field64(Bytes *out, uint64_t v) {
  unsigned char p[8];
  big64(p, v);
  put_field(out, p, 8);
}
