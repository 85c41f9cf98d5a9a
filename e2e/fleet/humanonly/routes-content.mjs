import { ApiError } from '../parts/errors.mjs';
import { newId } from './ids.mjs';

const BODY_LIMIT = 500;
const REASON_LIMIT = 500;

const postOf = (store, id) => {
  const post = store.posts.get(id);
  const author = store.users.get(post.author_id);
  return {
    id: post.id,
    body: post.body,
    createdAt: post.created_at,
    author: { id: post.author_id, handle: author?.handle ?? null, displayName: author?.display_name ?? null },
  };
};
const reportOf = (report) => ({
  id: report.id,
  postId: report.post_id,
  reporterId: report.reporter_id,
  reason: report.reason,
  status: report.status,
  createdAt: report.created_at,
});
const appealOf = (appeal) => ({
  id: appeal.id,
  reportId: appeal.report_id,
  appellantId: appeal.appellant_id,
  reason: appeal.reason,
  status: appeal.status,
  createdAt: appeal.created_at,
  updatedAt: appeal.updated_at,
  decidedAt: appeal.decided_at,
  decidedById: appeal.decided_by_id,
  decisionRationale: appeal.decision_rationale,
});

/** Text of a request, trimmed for the test only: what is stored is what was sent, a NUL too. */
function readText(body, name, limit) {
  const value = body[name];
  if (typeof value !== 'string' || value.trim() === '' || value.length > limit)
    throw new ApiError(400, 'INVALID_INPUT', `${name} must be 1 to ${limit} characters`);
  return value;
}

function readLimit(query) {
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 50)
    throw new ApiError(400, 'INVALID_LIMIT', 'limit must be between 1 and 50');
  return limit;
}

async function createPost({ user, body, now, persist, audit }) {
  const post = {
    id: newId('pst'),
    author_id: user.id,
    body: readText(body, 'body', BODY_LIMIT),
    created_at: new Date(now()).toISOString(),
  };
  await persist([{ table: 'posts', row: post }]);
  audit({ actorId: user.id, action: 'post.created', targetType: 'post', targetId: post.id });
  return {
    status: 201,
    body: { data: { id: post.id, authorId: user.id, body: post.body, createdAt: post.created_at } },
  };
}

/** From memory, newest head first; `cursor` is the id of the last post of the page before. */
async function readFeed({ store, user, query, audit }) {
  const limit = readLimit(query);
  const cursor = query.get('cursor');
  const at = cursor ? store.feed.indexOf(cursor) : -1;
  if (cursor && at === -1) throw new ApiError(400, 'INVALID_CURSOR', 'cursor is not a post of the feed');
  const ids = store.feed.slice(at + 1, at + 1 + limit);
  const hasMore = at + 1 + limit < store.feed.length;
  audit({
    actorId: user?.id ?? 'anonymous',
    action: 'feed.requested',
    targetType: 'feed',
    metadata: { limit, returned: ids.length, cursor },
  });
  return {
    body: { data: ids.map((id) => postOf(store, id)), pageInfo: { nextCursor: hasMore ? ids.at(-1) : null, limit } },
  };
}

async function createReport({ store, user, body, now, persist, audit }) {
  if (typeof body.postId !== 'string') throw new ApiError(400, 'INVALID_INPUT', 'postId is required');
  const reason = readText(body, 'reason', REASON_LIMIT);
  if (!store.posts.has(body.postId)) throw new ApiError(404, 'POST_NOT_FOUND', 'Post not found');
  const report = {
    id: newId('rpt'),
    post_id: body.postId,
    reporter_id: user.id,
    reason,
    status: 'open',
    created_at: new Date(now()).toISOString(),
  };
  await persist([{ table: 'reports', row: report }]);
  audit({
    actorId: user.id,
    action: 'report.created',
    targetType: 'report',
    targetId: report.id,
    metadata: { postId: report.post_id },
  });
  return { status: 201, body: { data: reportOf(report) } };
}

const newestFirst = (a, b) => (a.created_at < b.created_at ? 1 : -1);

async function readReports({ store, user, audit }) {
  const rows = [...store.reports.values()].sort(newestFirst);
  audit({
    actorId: user.id,
    action: 'report.queue.requested',
    targetType: 'report',
    metadata: { returned: rows.length },
  });
  return { body: { data: rows.map(reportOf) } };
}

async function createAppeal({ store, user, body, now, persist, audit }) {
  const reason = readText(body, 'reason', REASON_LIMIT);
  if (!store.reports.has(body.reportId)) throw new ApiError(404, 'REPORT_NOT_FOUND', 'Report not found');
  const at = new Date(now()).toISOString();
  const appeal = {
    id: newId('apl'),
    report_id: body.reportId,
    appellant_id: user.id,
    reason,
    status: 'open',
    appealed_audit_record_id: typeof body.appealedAuditRecordId === 'string' ? body.appealedAuditRecordId : null,
    created_at: at,
    updated_at: at,
    decided_at: null,
    decided_by_id: null,
    decision_rationale: null,
  };
  await persist([{ table: 'appeals', row: appeal }]);
  audit({
    actorId: user.id,
    action: 'appeal.created',
    targetType: 'appeal',
    targetId: appeal.id,
    metadata: { reportId: appeal.report_id },
  });
  return { status: 201, body: { data: appealOf(appeal) } };
}

async function readAppeals({ store, user }) {
  const mine = [...store.appeals.values()].filter((a) => user.role !== 'member' || a.appellant_id === user.id);
  return { body: { data: mine.sort(newestFirst).map(appealOf) } };
}

function requireHuman(body) {
  if (body.humanConfirmed !== true)
    throw new ApiError(400, 'HUMAN_CONFIRMATION_REQUIRED', 'humanConfirmed must be true');
}

async function decideAppeal({ store, user, id, body, now, persist, audit }) {
  requireHuman(body);
  const rationale = readText(body, 'reason', REASON_LIMIT);
  const status = { grant: 'granted', uphold: 'upheld' }[body.decision];
  if (!status) throw new ApiError(400, 'INVALID_INPUT', 'decision must be grant or uphold');
  const appeal = store.appeals.get(id);
  if (!appeal) throw new ApiError(404, 'APPEAL_NOT_FOUND', 'Appeal not found');
  if (appeal.decided_at) throw new ApiError(409, 'APPEAL_DECIDED', 'Appeal is decided already');
  const at = new Date(now()).toISOString();
  const decided = {
    ...appeal,
    status,
    updated_at: at,
    decided_at: at,
    decided_by_id: user.id,
    decision_rationale: rationale,
  };
  await persist([{ table: 'appeals', row: decided }]);
  audit({
    actorId: user.id,
    action: 'appeal.decided',
    targetType: 'appeal',
    targetId: id,
    metadata: { decision: body.decision, reason: rationale },
  });
  return { body: { data: appealOf(decided) } };
}

async function override({ store, user, body, now, persist, audit }) {
  requireHuman(body);
  const reason = readText(body, 'reason', REASON_LIMIT);
  if (!['triaged', 'resolved'].includes(body.status))
    throw new ApiError(400, 'INVALID_INPUT', 'status must be triaged or resolved');
  const report = store.reports.get(body.reportId);
  if (!report) throw new ApiError(404, 'REPORT_NOT_FOUND', 'Report not found');
  const changed = { ...report, status: body.status };
  await persist([{ table: 'reports', row: changed }]);
  const record = audit({
    actorId: user.id,
    action: 'moderation.override.applied',
    targetType: 'report',
    targetId: report.id,
    metadata: { status: body.status, before: report.status, reason, humanConfirmed: true },
  });
  return {
    body: {
      data: { ...reportOf(changed), overriddenAt: new Date(now()).toISOString(), auditRecordId: record.recordId },
    },
  };
}

export const CONTENT_ROUTES = [
  { method: 'POST', path: '/api/posts', write: true, role: 'member', handle: createPost },
  { method: 'GET', path: '/api/feed', handle: readFeed },
  { method: 'POST', path: '/api/reports', write: true, role: 'member', handle: createReport },
  { method: 'GET', path: '/api/reports', role: 'moderator', handle: readReports },
  { method: 'POST', path: '/api/moderation/override', write: true, role: 'admin', handle: override },
  { method: 'POST', path: '/api/appeals', write: true, role: 'member', handle: createAppeal },
  { method: 'GET', path: '/api/appeals', role: 'member', handle: readAppeals },
  { method: 'POST', path: '/api/appeals/{id}/decision', write: true, role: 'moderator', handle: decideAppeal },
];
