/* Text as PostgreSQL takes it: valid UTF-8 (no overlong form, no surrogate, nothing above U+10FFFF) and no NUL. */

#define HIGH_BITS 0x8080808080808080ULL
#define LOW_ONES 0x0101010101010101ULL

/* Length of the character at p, 0 when it is none. `left` is at least 1, and *p is not ASCII. */
static inline size_t utf8_char(const unsigned char *p, size_t left) {
  unsigned char a = p[0];
  if (a < 0xc2 || a > 0xf4) return 0;
  if (a < 0xe0) return left >= 2 && (p[1] & 0xc0) == 0x80 ? 2 : 0;
  unsigned char least = a == 0xe0 ? 0xa0 : a == 0xf0 ? 0x90 : 0x80;
  unsigned char most = a == 0xed ? 0x9f : a == 0xf4 ? 0x8f : 0xbf;
  if (left < 3 || p[1] < least || p[1] > most || (p[2] & 0xc0) != 0x80) return 0;
  if (a < 0xf0) return 3;
  return left >= 4 && (p[3] & 0xc0) == 0x80 ? 4 : 0;
}

/* Bytes from p on that are ASCII and not NUL. */
static inline size_t ascii_run(const unsigned char *p, size_t length) {
  size_t at = 0;
  for (; at + 8 <= length; at += 8) {
    uint64_t eight;
    memcpy(&eight, p + at, 8);
    uint64_t found = (eight | ((eight - LOW_ONES) & ~eight)) & HIGH_BITS;
    if (!found) continue;
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    /* A NUL may mark bytes behind it too, never one before it. */
    return at + (size_t)(__builtin_ctzll(found) >> 3);
#else
    break;
#endif
  }
  while (at < length && p[at] && p[at] < 0x80) at += 1;
  return at;
}

/* Characters of the text, or -1 when it is damaged or holds a NUL. */
static int64_t text_chars(const unsigned char *p, size_t length) {
  int64_t chars = 0;
  for (size_t at = 0; at < length;) {
    if (p[at] < 0x80) {
      size_t run = ascii_run(p + at, length - at);
      if (!run) return -1;
      at += run;
      chars += (int64_t)run;
      continue;
    }
    size_t size = utf8_char(p + at, length - at);
    if (!size) return -1;
    at += size;
    chars += 1;
  }
  return chars;
}
