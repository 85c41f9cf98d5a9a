import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { TooltipProvider } from '@/components/ui/tooltip';
import { reviews } from '@/lib/testing/review-fixtures';
import { DecideBar } from './decide-bar';

const { selected } = reviews;

it('only asks at the first tap under a thumb: the button that signs is not there on a narrow screen', () => {
  if (!selected) throw new Error('the fixture has no chosen review');
  const html = renderToString(
    <TooltipProvider>
      <DecideBar
        selected={{ ...selected, decided: null, roles: [], approvalReference: 'none' }}
        signOff={async () => ({ ok: true, nextKey: 'k2' })}
        firstKey="k"
        onDone={() => undefined}
        onAsk={() => undefined}
      />
    </TooltipProvider>,
  );
  const forms = html.match(/<div class="contents max-md:hidden"><form[\s\S]*?<\/form><\/div>/g) ?? [];
  expect(forms).toHaveLength(1);
  expect(forms[0]).toContain('type="submit"');
  const outside = html.replace(forms[0] ?? '', '');
  expect(outside).not.toContain('type="submit"');
  expect(outside).toMatch(/Sign off(<!-- -->)?…/);
});
