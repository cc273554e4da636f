import { t } from '../../languages/languages';
import type { Figure, Group } from './figures';
import type { Box } from './layout';

const INSET = 12;
const TITLE = 22;
const ROW = 20;

/** A part of the pipeline with its figures; what an operator has to look at has a sign, too, and not colour alone. */
export function PictureBox({
  group,
  figures,
  box: { x, y, width, height },
}: {
  group: Group;
  figures: readonly Figure[];
  box: Box;
}) {
  const level = figures.find((figure) => figure.level !== 'plain')?.level ?? 'plain';
  return (
    <g className={`part ${level}`} transform={`translate(${x} ${y})`}>
      <rect width={width} height={height} rx="8" />
      <text className="title" x={INSET} y={TITLE}>
        {t(`group.${group}`)}
      </text>
      {figures.map((figure, row) => (
        <g key={figure.label} className={figure.level} transform={`translate(0 ${TITLE + (row + 1) * ROW})`}>
          <text className="label" x={INSET}>
            {t(figure.label)}
          </text>
          <text className="value" x={width - INSET} textAnchor="end">
            {figure.level === 'plain' ? figure.text : `⚠ ${figure.text}`}
          </text>
        </g>
      ))}
    </g>
  );
}
