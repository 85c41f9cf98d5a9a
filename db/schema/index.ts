export * from './people';
export * from './cutover';
export * from './approval';
export * from './engine';
