const isNamed = (part) => part.startsWith('{') || part.startsWith(':');

/**
 * @param {{method: string, path: string}[]} routes path: `{id}` or `:id` takes any text but none
 * @returns {{route: any, template: string | null, params: Record<string, string>}} params: as they stand in the URL;
 *   template alone when the path is known under another method
 */
export function matchRoute(routes, method, pathname) {
  const parts = pathname.split('/');
  let template = null;
  for (const route of routes) {
    const shape = route.path.split('/');
    const fits = (part, i) => (isNamed(part) ? parts[i] !== '' : part === parts[i]);
    if (shape.length !== parts.length || !shape.every(fits)) continue;
    template ??= route.path;
    if (route.method !== method) continue;
    const named = shape.flatMap((part, i) => (isNamed(part) ? [[part.replace(/[:{}]/g, ''), parts[i]]] : []));
    return { route, template: route.path, params: Object.fromEntries(named) };
  }
  return { route: null, template, params: {} };
}
