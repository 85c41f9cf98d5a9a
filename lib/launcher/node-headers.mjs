import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

const defined = (text, name) => new RegExp(`#define ${name} (\\d+)`).exec(text)?.[1];

/** The version that a node_version.h tells, e.g. `20.20.2`. */
const versionOfHeaders = (file) => {
  const text = readFileSync(file, 'utf8');
  return ['NODE_MAJOR_VERSION', 'NODE_MINOR_VERSION', 'NODE_PATCH_VERSION']
    .map((name) => defined(text, name))
    .join('.');
};

/**
 * The prefix whose include/node holds the headers of exactly this Node, as its own archives and most packages lay them out.
 * With it a native module compiles also where nodejs.org cannot be reached. Null when they are not there.
 */
export function findNodeHeaders(executable = process.execPath, version = process.versions.node) {
  const prefix = dirname(dirname(realpathSync(executable)));
  const file = join(prefix, 'include', 'node', 'node_version.h');
  return existsSync(file) && versionOfHeaders(file) === version ? prefix : null;
}
