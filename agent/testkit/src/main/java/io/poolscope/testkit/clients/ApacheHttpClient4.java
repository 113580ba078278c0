package io.poolscope.testkit.clients;

import io.poolscope.testkit.Adapter;
import io.poolscope.testkit.Client;
import io.poolscope.testkit.Options;
import io.poolscope.testkit.Traits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpHost;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.CredentialsProvider;
import org.apache.http.client.ResponseHandler;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.BasicHttpClientConnectionManager;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.util.VersionInfo;

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
                .deadlocksWhenClosed(version.equals("4.5.3"))
                .proxies()
                .answersProxies()
                .sharesPools()
                .limitsRoutes()
                .changesLimits()
                .interruptible()
                .handlesResponses()
                .hasMinimalClients()
                .hasSingleConnections()
                .leasesOfARedirect(2);
    }

    @Override
    public Client open(Options options) {
        return options.isSingle() ? new Single() : new Pooled(options);
    }

    /** Up to 4.3 a client that is closed closes its manager, whoever else uses it: who shares one leaves them open. */
    private static final boolean CAN_SHARE = canShare();

    private static boolean canShare() {
        VersionInfo info =
                VersionInfo.loadVersionInfo("org.apache.http.client", HttpClientBuilder.class.getClassLoader());
        // A copy in another package has left the file behind that says it; the ones that are played are newer.
        return info == null || !info.getRelease().startsWith("4.3");
    }

    private static final class Pooled implements Client {
        private final PoolingHttpClientConnectionManager manager;
        private final Options options;
        private final CloseableHttpClient http;

        Pooled(Options options) {
            this(options, manager(options));
        }

        private static PoolingHttpClientConnectionManager manager(Options options) {
            RegistryBuilder<ConnectionSocketFactory> schemes = RegistryBuilder.<ConnectionSocketFactory>create()
                    .register("http", PlainConnectionSocketFactory.getSocketFactory());
            if (options.trust() != null) {
                schemes.register(
                        "https", new SSLConnectionSocketFactory(options.trust().context()));
            }
            long age = options.maximumAge().isZero() ? -1 : options.maximumAge().toMillis();
            PoolingHttpClientConnectionManager manager = new PoolingHttpClientConnectionManager(
                    schemes.build(),
                    null,
                    null,
                    options.isAnyHost() ? host -> new InetAddress[] {InetAddress.getLoopbackAddress()} : null,
                    age,
                    TimeUnit.MILLISECONDS);
            manager.setDefaultMaxPerRoute(options.perRoute());
            manager.setMaxTotal(options.total());
            return manager;
        }

        private Pooled(Options options, PoolingHttpClientConnectionManager manager) {
            this.options = options;
            this.manager = manager;
            HttpClientBuilder builder = HttpClients.custom()
                    .setConnectionManager(manager)
                    .setDefaultRequestConfig(RequestConfig.custom()
                            .setConnectionRequestTimeout(
                                    (int) options.waitTimeout().toMillis())
                            .setConnectTimeout(10_000)
                            .setSocketTimeout(600_000)
                            .build());
            if (!options.retries()) {
                builder.disableAutomaticRetries();
            }
            if (options.proxy() != null) {
                builder.setProxy(new HttpHost(
                        options.proxy().getHostString(), options.proxy().getPort()));
            }
            if (options.proxyUser() != null) {
                CredentialsProvider credentials = new BasicCredentialsProvider();
                credentials.setCredentials(
                        AuthScope.ANY, new UsernamePasswordCredentials(options.proxyUser()[0], options.proxyUser()[1]));
                builder.setDefaultCredentialsProvider(credentials);
            }
            if (CAN_SHARE && !options.isAlone()) {
                builder.setConnectionManagerShared(true);
            }
            http = options.isMinimal() ? HttpClients.createMinimal(manager) : builder.build();
        }

        @Override
        public Exchange exchange(String url) {
            return ApacheHttpClient4.exchange(http, url);
        }

        @Override
        public void limit(int perRoute, int total) {
            manager.setDefaultMaxPerRoute(perRoute);
            manager.setMaxTotal(total);
        }

        @Override
        public void limitRoute(String url, int connections) {
            URI server = URI.create(url);
            manager.setMaxPerRoute(new HttpRoute(new HttpHost(server.getHost(), server.getPort())), connections);
        }

        @Override
        public Client sibling() {
            return new Pooled(options, manager);
        }

        @Override
        public void close() throws IOException {
            http.close();
        }

        @Override
        public void closeButNotThePool() throws IOException {
            if (CAN_SHARE) {
                http.close();
            }
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

    /** A manager of one connection, which keeps no statistics. */
    private static final class Single implements Client {
        private final BasicHttpClientConnectionManager manager = new BasicHttpClientConnectionManager();
        private final CloseableHttpClient http =
                HttpClients.custom().setConnectionManager(manager).build();

        @Override
        public Exchange exchange(String url) {
            return ApacheHttpClient4.exchange(http, url);
        }

        @Override
        public PoolStats stats() {
            return new PoolStats(0, 0, 0);
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

    private static Client.Exchange exchange(CloseableHttpClient http, String url) {
        HttpGet request = new HttpGet(url);
        return new Client.Exchange() {
            @Override
            public Client.Response send() throws IOException {
                return new Body(http.execute(request));
            }

            @Override
            public void handle(Client.Handler handler) throws IOException {
                ResponseHandler<Void> handled = response -> {
                    handler.handle();
                    return null;
                };
                http.execute(request, handled);
            }

            @Override
            public void abort() {
                request.abort();
            }
        };
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
