/**
 * Libraries add <style> elements when they are loaded and while the page runs (toasts, the scroll lock of dialogs). The policy
 * refuses them without the page's nonce. Imported before them, this gives it to each element as it is made; also where the
 * server could not render the page and the browser makes it from the start. It hands out nothing that a script here did not have.
 */
function giveNonce(): void {
  const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
  if (!nonce) return;
  const create = document.createElement.bind(document) as (
    tag: string,
    options?: ElementCreationOptions,
  ) => HTMLElement;
  document.createElement = (tag: string, options?: ElementCreationOptions) => {
    const element = create(tag, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
}

if (typeof document !== 'undefined') giveNonce();
