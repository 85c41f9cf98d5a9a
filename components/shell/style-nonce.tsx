/**
 * Libraries add <style> elements while the page runs (dialog scroll lock, toasts). The policy refuses them without the
 * page's nonce, so this script gives it to each; it runs first and hands out nothing that a script here did not have.
 */
const patch = `(()=>{const n=document.currentScript.nonce,c=document.createElement.bind(document);document.createElement=(t,o)=>{const e=c(t,o);if(String(t).toLowerCase()==='style')e.nonce=n;return e}})()`;

export const StyleNonce = ({ nonce }: { nonce: string | undefined }) => (
  // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of this file
  <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: patch }} />
);
