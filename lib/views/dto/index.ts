/**
 * What the pages get: JSON only, times as ISO UTC, bigint as decimal text. Built in lib/views/<page>.ts, one builder a
 * page; `GET /api/views/<name>` answers the same object as the page's first render. The browser never computes green.
 */
export type { PersonDto, ShellDto } from './shell';
export type { ProfileGroup, ModeDto, FleetRowDto, FleetDto } from './fleet';
export type { ProfileDto } from './profile';
export type { BadgeDto, CutoverRowDto, CutoversDto, NewCutoverDto } from './cutovers';
export type { ActDto, AttemptDto, StepRowDto, OverrideSaidDto, PhaseDto, SignOffRoleDto, StepDetailDto } from './step';
export type { LiveStripDto, WizardDto } from './wizard';
export type { DecisionDto } from './decision';
export type { ReviewItemDto, ReviewsDto } from './reviews';
export type { MoveChoiceDto, MoveFileDto } from './move';
export type { AuditDto } from './audit';
export type { AdminDto } from './admin';
export type { RunbookDto, RunbooksDto } from './runbooks';
export type { LogRow, LogPageDto } from './log';
