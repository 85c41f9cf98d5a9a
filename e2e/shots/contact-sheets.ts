import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shotsFolder, themes, widths } from './camera';

export type Sheet = { name: string; html: string; png: string };

/** One page per page of the console: its states as rows, themes and widths as columns; and an index of all. */
export function writeContactSheets(): Sheet[] {
  const names = existsSync(shotsFolder)
    ? readdirSync(shotsFolder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
    : [];
  const sheets = names.sort().map((name) => {
    const html = join(shotsFolder, `${name}.html`);
    writeFileSync(html, sheetOf(name, statesOf(name)));
    return { name, html, png: join(shotsFolder, `${name}.png`) };
  });
  const links = sheets.map(({ name }) => `<li><a href="${name}.html">${name}</a> (${statesOf(name).join(', ')})</li>`);
  writeFileSync(join(shotsFolder, 'index.html'), documentOf('Pictures', `<ul>${links.join('')}</ul>`));
  return sheets;
}

const statesOf = (name: string): string[] =>
  [...new Set(readdirSync(join(shotsFolder, name)).map((file) => file.split('.')[0] ?? ''))].sort();

function sheetOf(name: string, states: string[]): string {
  const cells = (state: string) =>
    widths.flatMap((width) =>
      themes.map((theme) => {
        const file = `${name}/${state}.${theme}.${width}.png`;
        const shown = `<a href="${file}"><img src="${file}" width="${width === 1440 ? 720 : 260}" alt=""></a>`;
        return `<figure>${shown}<figcaption>${state} · ${theme} · ${width}</figcaption></figure>`;
      }),
    );
  return documentOf(name, states.map((state) => `<section>${cells(state).join('')}</section>`).join(''));
}

const documentOf = (
  title: string,
  body: string,
): string => `<!doctype html><meta charset="utf-8"><title>${title}</title>
<style>body{font:13px/20px sans-serif;margin:24px;background:#808389;color:#000}section{display:flex;gap:16px;margin:0 0 24px}
figure{margin:0}img{display:block}figcaption{margin-top:4px}</style><h1>${title}</h1>${body}`;
