import { useId } from 'react';
import { t } from '../../languages/languages';
import { GROUPS, type Figures } from './figures';
import { NARROW, WIDE } from './layout';
import { PictureBox } from './PictureBox';
import { useIsNarrow } from './useIsNarrow';

/** The pipeline as a picture; the table below it has the same figures for those who do not see it. */
export function PipelinePicture({ figures }: { figures: Figures }) {
  const { width, height, boxes, edges } = useIsNarrow() ? NARROW : WIDE;
  const id = useId();
  return (
    <svg
      className="picture"
      viewBox={`0 0 ${width} ${height}`}
      style={{ maxInlineSize: `${width}px` }}
      role="img"
      aria-labelledby={`${id}-title ${id}-description`}
    >
      <title id={`${id}-title`}>{t('ops.picture')}</title>
      <desc id={`${id}-description`}>{t('ops.pictureDescription')}</desc>
      <defs>
        {['flow', 'failure'].map((kind) => (
          <marker
            key={kind}
            id={`${id}-${kind}`}
            className={kind}
            viewBox="0 0 8 8"
            refX="8"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            orient="auto"
          >
            <path d="M0 0L8 4L0 8Z" />
          </marker>
        ))}
      </defs>
      {edges.map(({ path, failure }) => {
        const kind = failure ? 'failure' : 'flow';
        return <path key={path} className={`edge ${kind}`} d={path} markerEnd={`url(#${id}-${kind})`} />;
      })}
      {GROUPS.map((group) => (
        <PictureBox key={group} group={group} figures={figures.groups[group]} box={boxes[group]} />
      ))}
    </svg>
  );
}
