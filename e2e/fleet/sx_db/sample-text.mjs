/** Seeded text as real tenants have it: many scripts, emoji with joiners, tabs, quotes, and what trips a COPY encoder. */

const PHRASES = [
  'hello from the studio',
  'Hello WORLD, part two',
  'my morning routine',
  'three tricks you never knew',
  'behind the scenes',
  'um dia comum em São Paulo',
  'receita de pão de queijo',
  'não perca o próximo vídeo',
  'cómo lo hice en casa',
  '¿quién más lo probó?',
  'petit déjeuner à Nantes',
  'où sont passés mes clés',
  'Grüße aus München',
  'schöne Straße im Regen',
  'привет из Москвы',
  'лучший рецепт борща',
  'こんにちは、東京の朝',
  '三分でできる朝ごはん',
  '안녕하세요 오늘의 브이로그',
  '서울 야경 산책',
  '大家好，今天吃火锅',
  '五分钟学会做饭',
  'مرحبا بكم في قناتي',
  'وصفة سهلة وسريعة',
  'नमस्ते दोस्तों',
  'आज का खाना',
  'สวัสดีตอนเช้า',
  'xin chào các bạn',
  'γεια σας από την Αθήνα',
  'שלום לכולם',
  'İstanbul’da bir gün',
  'žluťoučký kůň',
  'Ærlig talt, Åse',
];
const EMOJI = ['🔥', '✨', '😂', '👩‍🍳', '👨‍👩‍👧‍👦', '🏳️‍🌈', '🇧🇷', '🇯🇵', '❤️', '🤷🏽‍♀️', '🎬', '💡'];
const ODD = [
  'tab\there',
  '"quoted" and \'single\'',
  'back\\slash \\N \\. end',
  'line one\nline two',
  'carriage\r\nreturn',
  'a,b;c|d',
  'NULL',
  '\\N',
  '{"a":"b"}',
  '100% off — don’t miss',
  'zero​width',
  'e\u0301 is not é',
  '<b>bold</b> & more',
  ' leading and trailing ',
  '$1 ${x} %s',
];
const TAGS = [
  'cooking',
  'travel',
  'diy',
  'humor',
  'música',
  '日本',
  'fitness',
  'review',
  'asmr',
  'pets',
  'história',
  'b2b',
];
const FIRST = [
  'maria',
  'joao',
  'anna',
  'yuki',
  'minho',
  'wei',
  'fatima',
  'raj',
  'olga',
  'lars',
  'sofia',
  'kwame',
  'chloe',
  'ivan',
  'nour',
];
const LAST = [
  'cooks',
  'travels',
  'studio',
  'daily',
  'tv',
  'makes',
  'official',
  'reviews',
  'em_casa',
  'lab',
  'fit',
  'art',
];
const NAMES = [
  'Maria Conceição',
  'João Ninguém',
  'Anna Müller',
  '山田 ゆき',
  '김민호',
  '王伟',
  'فاطمة',
  'राज',
  'Ольга',
  'Lars Åberg',
  "Sofía O'Neil",
  'Kwame “K”',
  'Chloé',
  'Иван',
  'نور',
];

export const STATUSES = ['new', 'review', 'approved', 'scheduled', 'posted', 'rejected'];
export const PLATFORMS = ['tiktok', 'instagram', 'youtube'];

export function writeCaption(random) {
  const parts = [random.pick(PHRASES)];
  if (random.chance(0.5)) parts.push(random.pick(PHRASES));
  if (random.chance(0.4)) parts.push(random.pick(EMOJI));
  if (random.chance(0.12)) parts.push(random.pick(ODD));
  if (random.chance(0.6)) parts.push(`#${random.pick(TAGS)}`);
  return parts.join(' ');
}

export function writeNoteText(random) {
  const points = Array.from({ length: 1 + random.int(4) }, () => `- ${writeCaption(random)}`);
  return `# ${random.pick(PHRASES)}\n\n${points.join('\n')}\n`;
}

export const writeTags = (random) =>
  Array.from({ length: 1 + random.int(3) }, () => random.pick(TAGS))
    .filter((t, i, all) => all.indexOf(t) === i)
    .join(',');

export function makeAuthors(random, count) {
  return Array.from({ length: count }, (_, i) => ({
    author_unique_id: `${random.pick(FIRST)}.${random.pick(LAST)}${i}`,
    author_name: random.pick(NAMES),
    author_id: String(6_800_000_000_000 + i * 7919),
    followers: Math.floor(10 ** (2 + random.next() * 5)),
    hearts: Math.floor(10 ** (3 + random.next() * 6)),
    videos_count: 1 + random.int(900),
    signature: random.chance(0.3) ? null : `${random.pick(PHRASES)} ${random.pick(EMOJI)}`,
    is_private: random.chance(0.03) ? 1 : 0,
  }));
}
