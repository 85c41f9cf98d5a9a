'use client';
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useZone } from '@/components/ui/clock';
import { cn } from '@/components/ui/cn';
import { formatTime } from '@/lib/shared/format';
import { type Band, type ChartModel, latencyWords, markRows } from './chart-model';

const left = 60;
const share = (ms: number, { fromMs, toMs }: ChartModel) => ((ms - fromMs) / Math.max(1, toMs - fromMs)) * 100;

const bandWords = ({ mode, read }: Pick<Band, 'mode' | 'read'>): string => mode ?? (read ? 'mode unknown' : 'not read');
const pointWords = ({ latency, read }: ChartModel['points'][number]): string =>
  latency === null ? (read ? 'no answer' : 'not read') : `${latency} ms`;

function Hover({
  active,
  payload,
  zone,
}: {
  active?: boolean;
  payload?: readonly { payload?: unknown }[];
  zone: string;
}) {
  const point = payload?.[0]?.payload as ChartModel['points'][number] | undefined;
  if (!active || !point) return null;
  return (
    <div className="rounded-control border bg-s2 px-2.5 py-1.5 text-12 text-t1 shadow-float">
      {formatTime(new Date(point.ms).toISOString(), zone)} <span className="text-t2">{pointWords(point)}</span>
    </div>
  );
}

/** Whether its name fits a band of this many percent, at the least width that the plot has beside the rail. */
const fitsBand = (band: Band, width: number): boolean => bandWords(band).length * 7 + 12 <= width * leastPlot;
const leastPlot = 5;

/** The mode under the plot: the source is grey, the target green, silence a dashed gap. */
function ModeBand({ bands, model, target }: { bands: Band[]; model: ChartModel; target: string }) {
  return (
    <div className="relative h-7" style={{ marginLeft: left }}>
      {bands.map((band) => {
        const width = share(band.toMs, model) - share(band.fromMs, model);
        const onTarget = band.mode === target;
        return (
          <span
            key={band.fromMs}
            title={bandWords(band)}
            className="absolute top-0 h-full overflow-hidden pr-px"
            style={{ left: `${share(band.fromMs, model)}%`, width: `${width}%` }}
          >
            <span
              className={cn(
                'block h-1.5 rounded-full',
                band.mode === null ? 'border-b border-dashed border-t3' : onTarget ? 'bg-fill-green' : 'bg-s3',
              )}
            />
            {fitsBand(band, width) && (
              <span
                className={cn('block truncate pt-1 pl-2 text-11 max-md:hidden', onTarget ? 'text-green' : 'text-t2')}
              >
                {bandWords(band)}
              </span>
            )}
          </span>
        );
      })}
    </div>
  );
}

/** What the colours of the band mean, where its names have no room. */
function BandLegend({ bands, model, target }: { bands: Band[]; model: ChartModel; target: string }) {
  const all = new Map(bands.map((band) => [bandWords(band), band]));
  const cut = bands.some((band) => !fitsBand(band, share(band.toMs, model) - share(band.fromMs, model)));
  return (
    <ul
      className={cn('mt-2 flex flex-wrap gap-x-4 gap-y-1 text-11 text-t2', !cut && 'md:hidden')}
      style={{ marginLeft: left }}
    >
      {[...all].map(([words, { mode }]) => (
        <li key={words} className="flex items-center gap-1.5">
          <span
            aria-hidden="true"
            className={cn(
              'block h-1.5 w-4 rounded-full',
              mode === null ? 'border-b border-dashed border-t3' : mode === target ? 'bg-fill-green' : 'bg-s3',
            )}
          />
          {words}
        </li>
      ))}
    </ul>
  );
}

/** What happened to the profile, over the line where it did; in rows, so that near ones never cover each other. */
function Marks({ model, zone }: { model: ChartModel; zone: string }) {
  if (model.marks.length === 0) return null;
  const rows = markRows(model);
  return (
    <ul className="relative" style={{ marginLeft: left, height: rows.count * 18 }}>
      {rows.marks.map(({ mark, row, at }) => (
        <li
          key={`${mark.ms} ${mark.text}`}
          className={cn(
            'absolute truncate text-12 font-medium text-t1',
            at > 70 ? '-translate-x-full pr-1.5' : 'pl-1.5',
            // A narrow plot has room for the words on its longer side only.
            at > 50 && at <= 70 && 'max-md:-translate-x-full max-md:pr-1.5 max-md:pl-0',
          )}
          style={{ left: `${at}%`, top: row * 18, maxWidth: `${Math.max(at, 100 - at)}%` }}
          title={`${formatTime(new Date(mark.ms).toISOString(), zone)} ${mark.text}`}
        >
          {mark.text}
        </li>
      ))}
    </ul>
  );
}

export function ModeChart({ model, target }: { model: ChartModel; target: string }) {
  const zone = useZone();
  // Within minutes the ticks would all read the same without their seconds.
  const length = model.toMs - model.fromMs < 600_000 ? 8 : 5;
  const clock = (ms: number) => formatTime(new Date(ms).toISOString(), zone).slice(0, length);
  const axis = { tick: { fill: 'var(--t3)', fontSize: 11 }, axisLine: false, tickLine: false } as const;
  return (
    <div>
      <Marks model={model} zone={zone} />
      {/* The drawing learns a narrower width only after the page has it. */}
      <div className="h-40 overflow-hidden">
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 800, height: 160 }}>
          <LineChart data={model.points} margin={{ top: 8, right: 0, bottom: 8, left: 0 }}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis dataKey="ms" type="number" domain={[model.fromMs, model.toMs]} hide />
            <YAxis
              width={left}
              domain={[0, model.top]}
              ticks={[0, model.top / 2, model.top]}
              tickFormatter={latencyWords}
              tickMargin={12}
              interval={0}
              {...axis}
            />
            <Tooltip
              cursor={{ stroke: 'var(--line2)' }}
              isAnimationActive={false}
              content={(props) => <Hover active={props.active} payload={props.payload} zone={zone} />}
            />
            {model.marks.map((mark) => (
              <ReferenceLine key={`${mark.ms} ${mark.text}`} x={mark.ms} stroke="var(--t1)" strokeDasharray="3 3" />
            ))}
            <Line
              dataKey="latency"
              stroke="var(--blue)"
              strokeWidth={1.5}
              dot={model.points.length === 1}
              connectNulls={false}
              isAnimationActive={false}
            />
          </LineChart>
        </ResponsiveContainer>
      </div>
      <ModeBand bands={model.bands} model={model} target={target} />
      <div className="flex justify-between text-11 text-t3" style={{ marginLeft: left }} suppressHydrationWarning>
        {model.ticks.map((ms) => (
          <span key={ms} suppressHydrationWarning>
            {clock(ms)}
          </span>
        ))}
      </div>
      <BandLegend bands={model.bands} model={model} target={target} />
    </div>
  );
}
