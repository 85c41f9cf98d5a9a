/* Whether a JSON text is plainly storable as json and as jsonb. Anything unusual (escaped code points, exponents, long numbers,
 * deep nesting, many or escaped keys, keys that occur twice) answers no: the TypeScript encoder then decides. */

#define JSON_DEPTH 40
#define JSON_KEYS 400

typedef struct {
  const char *at;
  uint32_t length, depth;
} JsonKey;
typedef struct {
  const unsigned char *at, *end;
  uint32_t depth, keyCount;
  JsonKey keys[JSON_KEYS];
} Json;

static void json_space(Json *j) {
  while (j->at < j->end && (*j->at == ' ' || *j->at == '\t' || *j->at == '\n' || *j->at == '\r')) j->at += 1;
}

static int json_string(Json *j, int key) {
  if (j->at >= j->end || *j->at != '"') return 0;
  const unsigned char *start = ++j->at;
  for (; j->at < j->end; j->at += 1) {
    unsigned char c = *j->at;
    if (c < 0x20) return 0;
    if (c == '"') break;
    if (c != '\\') continue;
    j->at += 1;
    if (key || j->at >= j->end || !*j->at || !strchr("\"\\/bfnrt", *j->at)) return 0;
  }
  if (j->at >= j->end) return 0;
  size_t length = (size_t)(j->at - start);
  j->at += 1;
  if (!key) return 1;
  for (uint32_t i = j->keyCount; i > 0 && j->keys[i - 1].depth >= j->depth; i -= 1)
    if (j->keys[i - 1].depth == j->depth && j->keys[i - 1].length == length && !memcmp(j->keys[i - 1].at, start, length))
      return 0;
  if (j->keyCount >= JSON_KEYS) return 0;
  j->keys[j->keyCount++] = (JsonKey){(const char *)start, (uint32_t)length, j->depth};
  return 1;
}

static int json_number(Json *j) {
  const unsigned char *start = j->at;
  if (j->at < j->end && *j->at == '-') j->at += 1;
  const unsigned char *first = j->at;
  while (j->at < j->end && *j->at >= '0' && *j->at <= '9') j->at += 1;
  if (j->at == first || (*first == '0' && j->at - first > 1)) return 0;
  if (j->at < j->end && *j->at == '.') {
    const unsigned char *point = j->at++;
    while (j->at < j->end && *j->at >= '0' && *j->at <= '9') j->at += 1;
    if (j->at == point + 1) return 0;
  }
  return j->at - start <= 100 && !(j->at < j->end && (*j->at == 'e' || *j->at == 'E'));
}

static int json_word(Json *j, const char *word) {
  size_t length = strlen(word);
  if ((size_t)(j->end - j->at) < length || memcmp(j->at, word, length)) return 0;
  j->at += length;
  return 1;
}

static int json_value(Json *j);

static int json_members(Json *j, unsigned char close) {
  uint32_t keysBefore = j->keyCount;
  if (++j->depth > JSON_DEPTH) return 0;
  j->at += 1;
  json_space(j);
  int empty = j->at < j->end && *j->at == close;
  if (empty) j->at += 1;
  while (!empty) {
    if (close == '}') {
      json_space(j);
      if (!json_string(j, 1)) return 0;
      json_space(j);
      if (j->at >= j->end || *j->at++ != ':') return 0;
    }
    if (!json_value(j)) return 0;
    json_space(j);
    if (j->at >= j->end) return 0;
    unsigned char sign = *j->at++;
    if (sign == close) break;
    if (sign != ',') return 0;
  }
  j->keyCount = keysBefore;
  j->depth -= 1;
  return 1;
}

static int json_value(Json *j) {
  json_space(j);
  if (j->at >= j->end) return 0;
  switch (*j->at) {
    case '{': return json_members(j, '}');
    case '[': return json_members(j, ']');
    case '"': return json_string(j, 0);
    case 't': return json_word(j, "true");
    case 'f': return json_word(j, "false");
    case 'n': return json_word(j, "null");
    default: return json_number(j);
  }
}

/* The text is already known to be valid UTF-8 without NUL. */
static int json_plain(const unsigned char *text, size_t length) {
  Json j;
  j.at = text;
  j.end = text + length;
  j.depth = j.keyCount = 0;
  if (!json_value(&j)) return 0;
  json_space(&j);
  return j.at == j.end;
}
