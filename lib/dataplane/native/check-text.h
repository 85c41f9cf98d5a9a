/* Text as PostgreSQL takes it: valid UTF-8 (no overlong form, no surrogate, nothing above U+10FFFF) and no NUL. */

#define HIGH_BITS 0x8080808080808080ULL
#define LOW_ONES 0x0101010101010101ULL

/* Length of the character at p, 0 when it is none. `left` is at least 1. */
static size_t utf8_char(const unsigned char *p, size_t left) {
  unsigned char a = p[0];
  if (a < 0x80) return 1;
  if (a < 0xc2 || a > 0xf4) return 0;
  size_t size = a < 0xe0 ? 2 : a < 0xf0 ? 3 : 4;
  if (left < size) return 0;
  unsigned char least = a == 0xe0 ? 0xa0 : a == 0xf0 ? 0x90 : 0x80;
  unsigned char most = a == 0xed ? 0x9f : a == 0xf4 ? 0x8f : 0xbf;
  if (p[1] < least || p[1] > most) return 0;
  for (size_t i = 2; i < size; i += 1)
    if ((p[i] & 0xc0) != 0x80) return 0;
  return size;
}

/* Characters of the text, or -1 when it is damaged or holds a NUL. */
static int64_t text_chars(const unsigned char *p, size_t length) {
  int64_t chars = 0;
  size_t at = 0;
  while (at < length) {
    while (at + 8 <= length) {
      uint64_t eight;
      memcpy(&eight, p + at, 8);
      if ((eight | ((eight - LOW_ONES) & ~eight)) & HIGH_BITS) break;
      at += 8;
      chars += 8;
    }
    if (at >= length) break;
    size_t size = p[at] ? utf8_char(p + at, length - at) : 0;
    if (!size) return -1;
    at += size;
    chars += 1;
  }
  return chars;
}
