package com.acme.bulk;

/** The HTTP clients that documents can be written through. */
enum Client {
    HTTPCLIENT4 {
        @Override
        Writer open(Elasticsearch elasticsearch, int threads, boolean fixed) {
            return fixed
                    ? new HttpClient4Writer.Mended(elasticsearch, threads)
                    : new HttpClient4Writer(elasticsearch, threads);
        }
    },
    HTTPCLIENT5 {
        @Override
        Writer open(Elasticsearch elasticsearch, int threads, boolean fixed) {
            return fixed
                    ? new HttpClient5Writer.Mended(elasticsearch, threads)
                    : new HttpClient5Writer(elasticsearch, threads);
        }
    },
    OKHTTP {
        @Override
        Writer open(Elasticsearch elasticsearch, int threads, boolean fixed) {
            return fixed ? new OkHttpWriter.Mended(elasticsearch, threads) : new OkHttpWriter(elasticsearch, threads);
        }
    };

    abstract Writer open(Elasticsearch elasticsearch, int threads, boolean fixed);
}
