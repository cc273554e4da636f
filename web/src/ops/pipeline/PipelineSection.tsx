import { t } from '../../languages/languages';
import { time } from '../format';
import { Attention } from './Attention';
import type { Figures } from './figures';
import { FiguresTable } from './FiguresTable';
import { PipelinePicture } from './PipelinePicture';
import { SECONDS } from './useFigures';

/** The pipeline with its live figures. */
export function PipelineSection({
  figures,
  paused,
  onPause,
}: {
  figures: Figures;
  paused: boolean;
  onPause: (paused: boolean) => void;
}) {
  const { readAt, problem } = figures;
  return (
    <section className="panel stack" aria-labelledby="pipeline">
      <div className="row">
        <h2 id="pipeline">{t('ops.pipeline')}</h2>
        <p className="quiet end">
          {readAt ? t('ops.readAt', { time: time(readAt) }) : t('app.loading')}{' '}
          {!paused && t('ops.readEvery', SECONDS)}
        </p>
        <button className="button" aria-pressed={paused} onClick={() => onPause(!paused)}>
          {t('ops.pause')}
        </button>
      </div>
      {problem && (
        <p className="problem" role="alert">
          {t('ops.notRead', { reason: problem })}
        </p>
      )}
      <Attention figures={figures} />
      <PipelinePicture figures={figures} />
      <FiguresTable figures={figures} />
    </section>
  );
}
