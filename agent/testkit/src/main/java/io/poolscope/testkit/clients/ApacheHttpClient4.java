package io.poolscope.testkit.clients;

import io.poolscope.testkit.Adapter;
import io.poolscope.testkit.Client;
import io.poolscope.testkit.Options;
import io.poolscope.testkit.Traits;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;

/** Apache HttpClient 4.3 to 4.5, classic. */
public final class ApacheHttpClient4 implements Adapter {

    @Override
    public String name() {
        return "apache-httpclient-4";
    }

    @Override
    public Traits traits(String version) {
        return new Traits()
                .waits(Traits.Waits.IN_THE_POOL)
                .closedUnread(Traits.Fate.DISCARDED, Traits.Fate.DISCARDED)
                .readToLengthAndClosed(Traits.Fate.DISCARDED)
                .leakHoldsItsSlot()
                .closesWhatIsOut()
                .hasLimits()
                .hasMaximumAge()
                .checksBeforeReuse(version.startsWith("4.3"))
                // httpcore 4.4.6: its future forgets the entry when it is cancelled while it gets one.
                .brokenByAborts(version.equals("4.5.3"))
                .leasesOfARedirect(2);
    }

    @Override
    public Client open(Options options) {
        return new Pooled(options);
    }

    private static final class Pooled implements Client {
        private final PoolingHttpClientConnectionManager manager;
        private final CloseableHttpClient http;

        Pooled(Options options) {
            RegistryBuilder<ConnectionSocketFactory> schemes = RegistryBuilder.<ConnectionSocketFactory>create()
                    .register("http", PlainConnectionSocketFactory.getSocketFactory());
            if (options.trust() != null) {
                schemes.register(
                        "https", new SSLConnectionSocketFactory(options.trust().context()));
            }
            long age = options.maximumAge().isZero() ? -1 : options.maximumAge().toMillis();
            manager = new PoolingHttpClientConnectionManager(
                    schemes.build(),
                    null,
                    null,
                    options.isAnyHost() ? host -> new InetAddress[] {InetAddress.getLoopbackAddress()} : null,
                    age,
                    TimeUnit.MILLISECONDS);
            manager.setDefaultMaxPerRoute(options.perRoute());
            manager.setMaxTotal(options.total());
            HttpClientBuilder builder = HttpClients.custom()
                    .setConnectionManager(manager)
                    .setDefaultRequestConfig(RequestConfig.custom()
                            .setConnectionRequestTimeout(
                                    (int) options.waitTimeout().toMillis())
                            .setConnectTimeout(10_000)
                            .setSocketTimeout(120_000)
                            .build());
            if (!options.retries()) {
                builder.disableAutomaticRetries();
            }
            http = builder.build();
        }

        @Override
        public Exchange exchange(String url) {
            HttpGet request = new HttpGet(url);
            return new Exchange() {
                @Override
                public Response send() throws IOException {
                    return new Body(http.execute(request));
                }

                @Override
                public void abort() {
                    request.abort();
                }
            };
        }

        @Override
        public PoolStats stats() {
            org.apache.http.pool.PoolStats stats = manager.getTotalStats();
            return new PoolStats(stats.getLeased(), stats.getAvailable(), stats.getPending());
        }

        @Override
        public void evictIdle() {
            manager.closeIdleConnections(0, TimeUnit.MILLISECONDS);
        }

        @Override
        public void closePool() {
            manager.shutdown();
        }
    }

    private static final class Body extends StreamedResponse {
        private final CloseableHttpResponse response;

        Body(CloseableHttpResponse response) throws IOException {
            super(response.getEntity() == null ? null : response.getEntity().getContent());
            this.response = response;
        }

        @Override
        public int status() {
            return response.getStatusLine().getStatusCode();
        }

        @Override
        public void close() throws IOException {
            response.close();
        }
    }
}
