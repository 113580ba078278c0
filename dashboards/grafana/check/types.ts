/** A dashboard as it is written in JSON, with the types that Grafana publishes for each kind of panel. */
import type * as grafana from '@grafana/schema';
import type * as heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as timeseries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** What JSON has in place of enums: their values. */
type Json<T> = unknown extends T
  ? T
  : T extends string
    ? `${T}`
    : T extends number
      ? `${T}` extends `${infer N extends number}` ? N : number
      : T extends (infer E)[]
        ? Json<E>[]
        : T extends object
          ? { [K in keyof T]: Json<T[K]> }
          : T;

interface Query {
  refId: string;
  datasource: grafana.DataSourceRef;
  editorMode: 'code';
  expr: string;
  legendFormat?: string;
  format: 'table' | 'heatmap' | 'time_series';
  instant: boolean;
  range: boolean;
  exemplar?: boolean;
}

type Properties<Custom> = Omit<grafana.FieldConfig, 'custom' | 'links'> & { custom?: Partial<Custom> };

type PanelOf<Type extends string, Options, Custom> = Omit<grafana.Panel, 'type' | 'options' | 'fieldConfig' | 'targets'> & {
  type: Type;
  options: Options;
  fieldConfig: Omit<grafana.FieldConfigSource, 'defaults'> & { defaults: Properties<Custom> };
  targets: Query[];
};

type Panel =
  | PanelOf<'timeseries', timeseries.Options, timeseries.FieldConfig>
  | PanelOf<'stat', stat.Options, never>
  | PanelOf<'table', table.Options, table.FieldConfig>
  | PanelOf<'heatmap', heatmap.Options, heatmap.FieldConfig>
  | (Omit<grafana.RowPanel, 'panels'> & { panels: never[] });

export type Dashboard = Json<
  Required<Pick<grafana.Dashboard, 'uid' | 'title' | 'description' | 'templating' | 'time'>> &
    Omit<grafana.Dashboard, 'panels'> & { panels: Panel[] }
>;
