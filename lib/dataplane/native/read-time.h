/* ISO 8601 in its usual spelling: YYYY-MM-DD, with T or a space HH:MM:SS, up to six digits of a second, Z or +HH:MM. */

typedef struct {
  int64_t days, micros;
  int hasTime, hasOffset, offsetMinutes;
} IsoTime;

static int digits(const unsigned char *p, int count) {
  int value = 0;
  for (int i = 0; i < count; i += 1) {
    if (p[i] < '0' || p[i] > '9') return -1;
    value = value * 10 + (p[i] - '0');
  }
  return value;
}

/* Days since 2000-01-01 in the proleptic Gregorian calendar. */
static int64_t days_of(int year, int month, int day) {
  int64_t y = month <= 2 ? year - 1 : year;
  int64_t era = (y >= 0 ? y : y - 399) / 400;
  int64_t inEra = y - era * 400;
  int64_t inYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + inEra * 365 + inEra / 4 - inEra / 100 + inYear - 719468 - 10957;
}

static int read_offset(const unsigned char *p, size_t left, IsoTime *t) {
  if (left == 1 && *p == 'Z') return t->hasOffset = 1;
  if (left != 6 || (*p != '+' && *p != '-') || p[3] != ':') return 0;
  int hours = digits(p + 1, 2), minutes = digits(p + 4, 2);
  if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return 0;
  t->offsetMinutes = (hours * 60 + minutes) * (*p == '-' ? -1 : 1);
  return t->hasOffset = 1;
}

static int read_iso(const unsigned char *p, size_t length, IsoTime *t) {
  static const int monthDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  memset(t, 0, sizeof *t);
  if (length < 10 || p[4] != '-' || p[7] != '-') return 0;
  int year = digits(p, 4), month = digits(p + 5, 2), day = digits(p + 8, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1) return 0;
  int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (day > monthDays[month - 1] + (month == 2 && leap)) return 0;
  t->days = days_of(year, month, day);
  if (length == 10) return 1;
  if (length < 19 || (p[10] != 'T' && p[10] != ' ') || p[13] != ':' || p[16] != ':') return 0;
  int hour = digits(p + 11, 2), minute = digits(p + 14, 2), second = digits(p + 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return 0;
  t->hasTime = 1;
  t->micros = ((int64_t)(hour * 60 + minute) * 60 + second) * 1000000;
  size_t at = 19;
  if (at < length && p[at] == '.') {
    int64_t unit = 100000;
    size_t first = ++at;
    for (; at < length && p[at] >= '0' && p[at] <= '9'; at += 1, unit /= 10) t->micros += (p[at] - '0') * unit;
    if (at == first || at > first + 6) return 0;
  }
  return at == length || read_offset(p + at, length - at, t);
}

static int64_t iso_micros(const IsoTime *t) {
  return t->days * 86400000000LL + t->micros - (int64_t)t->offsetMinutes * 60000000LL;
}
