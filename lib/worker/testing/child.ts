import { serveSteps } from '../serve-steps';
import { scriptedRegistry } from './kinds';

serveSteps(scriptedRegistry);
