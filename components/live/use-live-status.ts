'use client';
import { useSyncExternalStore } from 'react';
import { type LiveStatus, liveStatus } from './live-status';

export const useLiveStatus = (): LiveStatus =>
  useSyncExternalStore(liveStatus.subscribe, liveStatus.get, liveStatus.onServer);
