// Loads folders that the program saved with @huggingface/transformers (AutoTokenizer) and with the Rust library, and compares their ids
// with the golden ones.
//
//   npm install --ignore-scripts && node check-saved.mjs GOLDEN FOLDER NAME [FOLDER NAME]...      (NAME: the golden folder with the ids)
import { readFileSync } from 'node:fs';
import { dirname, basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AutoTokenizer, env } from '@huggingface/transformers';
import tokenizers from 'tokenizers';

const [golden, ...pairs] = process.argv.slice(2);
const read = (...path) => JSON.parse(gunzipSync(readFileSync(join(golden, ...path))).toString('utf8'));
const molecules = read('molecules.json.gz');
env.allowRemoteModels = false;

let failed = false;
for (let at = 0; at < pairs.length; at += 2) {
  const folder = resolve(pairs[at]);
  const expected = read(pairs[at + 1], 'ids.json.gz');
  env.localModelPath = dirname(folder);
  const script = await AutoTokenizer.from_pretrained(basename(folder));
  const rust = tokenizers.Tokenizer.fromFile(join(folder, 'tokenizer.json'));
  const encoders = [
    ['transformers.js', s => script.encode(s), 500], // its WordPiece takes cubic time
    ['the Rust library', async s => (await rust.encode(s)).getIds(), Infinity],
  ];
  for (const [name, encode, longest] of encoders) {
    const wrong = [];
    for (let i = 0; i < molecules.length; i++)
      if (molecules[i].length <= longest && JSON.stringify(await encode(molecules[i])) !== JSON.stringify(expected[i])) wrong.push(molecules[i]);
    console.log(`${pairs[at]}: ${name} agrees on ${molecules.length - wrong.length} of ${molecules.length}`, JSON.stringify(wrong.slice(0, 20).map(s => s.slice(0, 40))));
    failed ||= wrong.length > 0;
  }
}
process.exit(failed ? 1 : 0);
