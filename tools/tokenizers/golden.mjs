// Writes tests/Golden/Tokenization: molecules, small tokenizers of every kind, and the ids that HuggingFace's Rust library gives.
//
//   npm install --ignore-scripts && node golden.mjs MOLECULES GOLDEN [VOCAB591]
//
// MOLECULES is a folder with pubchem_1k_smiles.txt, HIV.csv, delaney-processed.csv and tox21.csv.gz; GOLDEN is tests/Golden/Tokenization.
// VOCAB591 is the vocab.txt of rxnfp: of it the ids alone are kept.
// The tokenizers' files are made here from the molecules. What the library is given for vocab.txt and for vocab.json + merges.txt is written
// here by hand, not taken from the program under test.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import tokenizers from 'tokenizers';

const [source, golden, vocab591] = process.argv.slice(2);

// ---- Molecules ----------------------------------------------------------------------------------------------------

const lines = name => {
  const bytes = readFileSync(join(source, name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trim().split(/\r?\n/);
};
const every = (list, count) => list.filter((_, i) => i % Math.floor(list.length / count) === 0).slice(0, count);
const ordinary = [
  ...lines('pubchem_1k_smiles.txt'),
  ...every(lines('HIV.csv').slice(1).map(line => line.split(',')[0]), 1200),
  ...every(lines('delaney-processed.csv').slice(1).map(line => line.slice(line.lastIndexOf(',') + 1).trim()), 350),
  ...every(lines('tox21.csv.gz').slice(1).map(line => line.slice(line.lastIndexOf(',') + 1)), 400),
];
// Letters that carry an accent within themselves are left out: see BertNormalizer.
const nasty = [
  '', 'C', 'Cl', 'C l', 'CL', 'Br', 'B r', 'BBr', '[Zn]', '[Ca++]', '[Ca+2]', '[13C@@H]', '[nH]', '[]', '[', ']', '[[C]]', '[C', 'C]', '[C[CLS]O', '[]CLS]',
  'C%10CC%10', 'C%1C', 'C%', '%123', '%1O', 'CC>>CC', 'C>C>C', 'C>>>C', 'CCO.[Na+].[Cl-]', 'F/C=C/F', 'F\\C=C/F', 'C#N', 'C$C', 'C~C', 'C*C', 'C?C', 'C:C', '@@', 'C--C',
  'CCO ethanol', ' CCO', 'CCO ', '  CCO  CC  ', 'CC\tO', 'CC\nO', 'CC\r\nO', 'C\u00a0C', 'C\u3000C', ' ', '   ', '\t', '\u00a0\t x', 'x \u00a0', 'C  \n  C', "it's", "we'll've", "C'sC", "'", "''re",
  'CC(=O)OC1=CC=CC=C1C(=O)O', 'CC(=O)Oc1ccccc1C(=O)O', 'Aspirin: CC(=O)O', 'lcl', 'XYZ', 'Uuo', 'aeiou', 'H2O', 'NaCl', 'CC_CC', 'a_b-c', '"C"', "C,C;C", '{C}', 'C|C', 'C&C', 'C^C', 'C`C', 'C!C',
  '\u03bb', 'C\u03b1C', '\u03a9mega', '\u00df', 'C\u0301C', '\u4e2d', 'C\u4e2d\u6587C', '\u{1F600}', 'C\u{1F600}\u{1F600}C', '\u{1D400}C', '\u0661\u0662', '\u00b2C\u00bd', '\u2160', '\u200bC', 'C\u0000C', 'C\ufffdC', 'C\ue000C', '\ufeffC', 'C\u2212C', '\u2018C\u2019', '\u20acC',
  '[CLS]', '[SEP]C', 'C[PAD]C', '[MASK]', 'C [MASK] C', '[UNK]', '<s>C</s>', 'C<mask>C', 'C <mask> C', '<unk>', '<pad>', '[unused1]', '##C', 'C##C', '<add>C', 'C <add> C', 'wordC word', 'word', 'word_', ' word ',
  'C'.repeat(101), 'c1ccccc1'.repeat(80), 'C'.repeat(10000), '('.repeat(2000) + ')'.repeat(2000), 'CCOCCN'.repeat(900), '[C@@H](O)'.repeat(500), '%99'.repeat(300), '1'.repeat(999),
  ...[..."!\"#$%&'()*+,-./0123456789:;<=>?@[\\]^_`{|}~"].map(c => `C${c}C`), ...[...'ABDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'],
];
const molecules = [...nasty, ...ordinary];
const training = ordinary.filter((_, i) => i % 3 !== 0);

// ---- Vocabularies -------------------------------------------------------------------------------------------------

const atomPattern = String.raw`(\[[^\]]+]|Br?|Cl?|N|O|S|P|F|I|b|c|n|o|s|p|\(|\)|\.|=|#|-|\+|\\|\/|:|~|@|\?|>>?|\*|\$|\%[0-9]{2}|[0-9])`;
const bertMarks = ['[PAD]', ...Array.from({ length: 10 }, (_, i) => `[unused${i + 1}]`), '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const robertaMarks = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'];

function count(items) {
  const counts = new Map();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
const frequent = (counts, least) => [...counts].filter(([, n]) => n >= least).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([item]) => item);
const numbered = tokens => Object.fromEntries(tokens.map((token, id) => [token, id]));

const atoms = [...bertMarks, ...frequent(count(training.flatMap(s => s.match(new RegExp(atomPattern, 'g')))), 2)];

// Byte-level BPE: the commonest pair of neighbours becomes one symbol, 400 times.
const printable = byte => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
const alphabet = [];
for (let byte = 0, free = 256; byte < 256; byte++) alphabet.push(String.fromCharCode(printable(byte) ? byte : free++));
function trainBpe(words, steps) {
  const parts = new Map([...words].map(([word, n]) => [[...word], n]));
  const merges = [];
  for (let step = 0; step < steps; step++) {
    const pairs = new Map();
    for (const [word, n] of parts)
      for (let i = 0; i + 1 < word.length; i++) pairs.set(`${word[i]} ${word[i + 1]}`, (pairs.get(`${word[i]} ${word[i + 1]}`) ?? 0) + n);
    const [best] = frequent(pairs, 2);
    if (!best) break;
    const [left, right] = best.split(' ');
    merges.push([left, right]);
    for (const word of parts.keys())
      for (let i = 0; i + 1 < word.length; i++) if (word[i] === left && word[i + 1] === right) word.splice(i, 2, left + right);
  }
  return merges;
}
const merges = trainBpe(count(training.flatMap(s => s.match(/ ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+/gu))), 400);
const unique = list => [...new Set(list)];
const bpeVocabulary = unique([...robertaMarks.slice(0, 4), ...alphabet, ...merges.map(pair => pair.join('')), '<mask>']);

// WordPiece: every character both ways, and the commonest stretches.
function stretches(words, prefix, least) {
  const counts = new Map();
  for (const word of words)
    for (let length = 2; length <= 7; length++) {
      if (word.length >= length) counts.set(word.slice(0, length), (counts.get(word.slice(0, length)) ?? 0) + 1);
      for (let i = 1; i + length <= word.length; i++) counts.set(prefix + word.slice(i, i + length), (counts.get(prefix + word.slice(i, i + length)) ?? 0) + 1);
    }
  return frequent(counts, least);
}
function wordPieces(text) {
  const words = text.flatMap(s => s.match(/[A-Za-z0-9]+/g) ?? []);
  const characters = unique(text.join('').split('')).sort();
  return unique([...bertMarks, ...characters, ...characters.map(c => `##${c}`), ...stretches(words, '##', 150)]);
}
const pieces = wordPieces(training);
const lowerPieces = unique([...wordPieces(training.map(s => s.toLowerCase())), 'C', '##Cl']);

// ---- tokenizer.json, as each kind of folder means it ----------------------------------------------------------------

const mark = (content, id, more = {}) => ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true, ...more });
const marks = (names, vocabulary) => names.map(name => mark(name, vocabulary[name], name === '<mask>' ? { lstrip: true } : {}));
const template = (cls, sep, vocabulary) => ({
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: cls, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: sep, type_id: 0 } }],
  pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
  special_tokens: Object.fromEntries([cls, sep].map(name => [name, { id: name, ids: [vocabulary[name]], tokens: [name] }])),
});
const byteLevel = (more = {}) => ({ type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true, ...more });
const bpe = more => ({ type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: '', end_of_word_suffix: '', fuse_unk: false, byte_fallback: false, ...more });
const document = more => ({ version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, ...more });
const bertNormalizer = lowercase => ({ type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase });
const bertNames = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

function atomDocument(tokens) {
  const vocab = numbered(tokens);
  return document({
    added_tokens: marks(bertNames, vocab),
    pre_tokenizer: { type: 'Split', pattern: { Regex: atomPattern }, behavior: 'Removed', invert: true },
    post_processor: template('[CLS]', '[SEP]', vocab),
    model: { type: 'WordLevel', vocab, unk_token: '[UNK]' },
  });
}
function wordPieceDocument(tokens, lowercase) {
  const vocab = numbered(tokens);
  return document({
    added_tokens: marks(bertNames, vocab),
    normalizer: bertNormalizer(lowercase),
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', vocab['[SEP]']], cls: ['[CLS]', vocab['[CLS]']] },
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 1e6, vocab },
  });
}
const roberta = vocab => ({ type: 'RobertaProcessing', sep: ['</s>', vocab['</s>']], cls: ['<s>', vocab['<s>']], trim_offsets: true, add_prefix_space: false });
const bpeDocument = vocab => document({
  added_tokens: marks(robertaMarks, vocab), pre_tokenizer: byteLevel(), post_processor: roberta(vocab), model: bpe({ unk_token: '<unk>', vocab, merges }),
});

// Like a small SMILES model in the wild: atoms as entries, but no merges, so that only single characters are ever used.
const noMerges = (() => {
  const vocab = numbered(atoms);
  return document({
    truncation: { direction: 'Right', max_length: 512, strategy: 'LongestFirst', stride: 0 },
    added_tokens: marks(bertNames, vocab),
    pre_tokenizer: byteLevel(),
    post_processor: { type: 'RobertaProcessing', sep: ['[SEP]', 13], cls: ['[CLS]', 12], trim_offsets: true, add_prefix_space: false },
    decoder: byteLevel(),
    model: bpe({ vocab, merges: [] }),
  });
})();

// Characters without the byte alphabet, merges as pairs, unknown characters fused, whole words first, a sequence of post-processors.
const characters = (() => {
  const plain = merges.filter(pair => /^[\x21-\x7e]+$/.test(pair.join(''))).slice(0, 120);
  const vocab = numbered(unique([...robertaMarks, ...'()=#+-[]@/\\.123456', ...'CcNnOoSsFPIHlBr', ...plain.flatMap(pair => [...pair, pair.join('')]), 'CCOCCN', 'word']));
  return document({
    added_tokens: [...marks(robertaMarks, vocab), mark('<add>', Object.keys(vocab).length, { special: false, normalized: true, rstrip: true })],
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: { type: 'Sequence', processors: [byteLevel(), roberta(vocab)] },
    model: bpe({ unk_token: '<unk>', fuse_unk: true, ignore_merges: true, vocab, merges: plain.map(pair => pair.join(' ')) }),
  });
})();

// A word list behind normalizers and two cuts, added tokens of every kind.
const words = (() => {
  const vocab = numbered(unique([...bertMarks, ...frequent(count(training.flatMap(s => s.match(/[A-Za-z]+|\d|[^A-Za-z\d\s]+/g))), 20), 'C', 'c', '(', ')', '=']));
  const next = Object.keys(vocab).length;
  return document({
    added_tokens: [...marks(bertNames, vocab), mark('word', next, { single_word: true, special: false, normalized: true }), mark('<add>', next + 1, { lstrip: true, rstrip: true }), mark('<add>C', next + 2)],
    normalizer: { type: 'Sequence', normalizers: [{ ...bertNormalizer(false), handle_chinese_chars: false }] },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Whitespace' }, { type: 'Split', pattern: { Regex: '[0-9]' }, behavior: 'Isolated', invert: false }, { type: 'Split', pattern: { String: '(' }, behavior: 'Isolated', invert: false }] },
    post_processor: template('[CLS]', '[SEP]', vocab),
    model: { type: 'WordLevel', vocab, unk_token: '[UNK]' },
  });
})();

const prefixSpace = (() => {
  const vocab = numbered(bpeVocabulary);
  return document({
    added_tokens: marks(robertaMarks, vocab),
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: { String: '.' }, behavior: 'Removed', invert: false }, byteLevel({ add_prefix_space: true })] },
    post_processor: roberta(vocab),
    model: bpe({ vocab, merges }),
  });
})();

// ---- Writing ------------------------------------------------------------------------------------------------------

const put = (name, content) => writeFileSync(join(golden, name), content);
const putJson = (name, value) => put(name, gzipSync(JSON.stringify(value), { level: 9 }));
const listed = tokens => tokens.join('\n');

async function write(folder, meaning, files) {
  mkdirSync(join(golden, folder), { recursive: true });
  for (const [name, content] of Object.entries(files)) put(`${folder}/${name}`, typeof content === 'string' ? content : JSON.stringify(content));
  const tokenizer = tokenizers.Tokenizer.fromString(JSON.stringify(meaning));
  tokenizer.disableTruncation();
  const ids = [];
  for (const molecule of molecules) ids.push((await tokenizer.encode(molecule)).getIds());
  putJson(`${folder}/ids.json.gz`, ids);
  console.log(folder, ids.reduce((sum, list) => sum + list.length, 0), 'tokens');
}

mkdirSync(golden, { recursive: true });
putJson('molecules.json.gz', molecules);
await write('atom', atomDocument(atoms), { 'vocab.txt': listed(atoms), 'tokenizer_config.json': {} });
await write('bpe', bpeDocument(numbered(bpeVocabulary)), {
  'vocab.json': numbered(bpeVocabulary), 'merges.txt': ['#version: 0.2', ...merges.map(pair => pair.join(' ')), ''].join('\n'),
});
await write('wordpiece', wordPieceDocument(pieces, false), { 'vocab.txt': listed(pieces) + '\n', 'tokenizer_config.json': { do_lower_case: false, model_max_length: 512 } });
await write('wordpiece-lower', wordPieceDocument(lowerPieces, true), { 'vocab.txt': listed(lowerPieces).replaceAll('\n', '\r\n') + '\r\n' });
await write('json-no-merges', noMerges, { 'tokenizer.json': noMerges });
await write('json-characters', characters, { 'tokenizer.json': characters });
await write('json-words', words, { 'tokenizer.json': words });
await write('json-prefix-space', prefixSpace, { 'tokenizer.json': prefixSpace });
const shortWords = wordPieceDocument(pieces, false);
await write('json-wordpiece', shortWords, { 'tokenizer.json': { ...shortWords, model: { ...shortWords.model, max_input_chars_per_word: 100 } } });
if (vocab591) await write('vocab-591', atomDocument(readFileSync(vocab591, 'utf8').trim().split(/\r?\n/)), {});
