import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Dialog, DialogContent, DialogTitle } from './dialog';

const drawn = (inPlace: boolean): string =>
  renderToStaticMarkup(
    <Dialog open>
      <DialogContent inPlace={inPlace}>
        <DialogTitle>Switch assets_1</DialogTitle>
        <form action="/post">
          <button type="submit">Switch now</button>
        </form>
      </DialogContent>
    </Dialog>,
  );

it('is sent by the server where it stays in place, so that its form can be pressed before the page is alive', () => {
  expect(drawn(true)).toMatch(/<div role="dialog".*<form action="\/post"><button type="submit">Switch now/);
  // Anywhere else a dialog is opened by a page that is alive.
  expect(drawn(false)).toBe('');
});
