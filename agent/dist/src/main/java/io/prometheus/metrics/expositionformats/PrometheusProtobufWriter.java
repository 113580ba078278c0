package io.prometheus.metrics.expositionformats;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.OutputStream;

/**
 * Takes the place of the library's class of this name, which accepts a scrape in protobuf also where protobuf is
 * missing, as it is here (2 MB), and then answers it with an error. Declined here, the scraper gets the text format,
 * which it always offers too.
 */
@SuppressWarnings("unused") // by ExpositionFormats
public final class PrometheusProtobufWriter implements ExpositionFormatWriter {

    @Override
    public boolean accepts(String acceptHeader) {
        return false;
    }

    @Override
    public boolean isAvailable() {
        return false;
    }

    @Override
    public String getContentType() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String toDebugString(MetricSnapshots snapshots, EscapingScheme scheme) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void write(OutputStream out, MetricSnapshots snapshots, EscapingScheme scheme) {
        throw new UnsupportedOperationException();
    }
}
