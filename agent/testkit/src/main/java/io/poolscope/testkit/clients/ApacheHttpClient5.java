package io.poolscope.testkit.clients;

import io.poolscope.testkit.Adapter;
import io.poolscope.testkit.Client;
import io.poolscope.testkit.Options;
import io.poolscope.testkit.Traits;
import io.poolscope.testkit.Traits.Fate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.SSLConnectionSocketFactory;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** Apache HttpClient 5, classic, with one of its three pools. */
public final class ApacheHttpClient5 implements Adapter {

    private static final Timeout FOR_EVER = Timeout.ofDays(1);

    private final String policy;

    /** With the pool of this {@link PoolConcurrencyPolicy}, which a version may not have. */
    public ApacheHttpClient5(String policy) {
        this.policy = policy;
    }

    @Override
    public String name() {
        return policy.equals("STRICT")
                ? "apache-httpclient-5"
                : "apache-httpclient-5-" + policy.toLowerCase(Locale.ROOT);
    }

    @Override
    public Traits traits(String version) {
        int minor = Integer.parseInt(version.split("[.-]")[1]);
        boolean discards = version.equals("5.0") || version.equals("5.1.3");
        Fate unread = discards ? Fate.DISCARDED : Fate.DRAINED;
        Traits traits = new Traits()
                .waits(Traits.Waits.IN_THE_POOL)
                .closedUnread(unread, unread)
                .readToLengthAndClosed(discards ? Fate.DISCARDED : Fate.COMPLETE)
                .leakHoldsItsSlot()
                .closesWhatIsOut()
                .hasLimits()
                .hasMaximumAge()
                .proxies()
                .sharesPools()
                .limitsRoutes()
                .changesLimits()
                .handlesResponses()
                .probesIfAsked()
                .interruptible()
                .hasMinimalClients()
                .leasesOfARedirect(2);
        if (minor >= 4) {
            traits.closesAtOnce();
        }
        if (minor <= 2) {
            // It leaves the pool in the belief that somebody waits.
            traits.losesWhatAnInterruptedThreadIsGranted();
        }
        if (minor < 6) {
            // Its future throws what it is granted away if that comes together with the timeout; mended in core 5.4.
            traits.losesGrants();
        }
        switch (policy) {
            case "STRICT":
                // Which does not care for policies.
                return traits.hasSingleConnections();
            case "LAX":
                return traits.noTotalLimit();
            default:
                return minor < 6
                        ? traits.absent("the pool of PoolConcurrencyPolicy.OFFLOCK came with 5.6")
                        : traits.countsCancelledWaits();
        }
    }

    @Override
    public Client open(Options options) {
        return options.isSingle() ? new Single() : new Pooled(options, PoolConcurrencyPolicy.valueOf(policy));
    }

    private static boolean isItsOwn(NullPointerException e) {
        for (StackTraceElement frame : e.getStackTrace()) {
            if (!frame.getClassName().startsWith("java.")) {
                return frame.getClassName().startsWith("org.apache.hc.");
            }
        }
        return false;
    }

    private abstract static class Sending implements Client {

        abstract CloseableHttpClient http();

        @Override
        public Exchange exchange(String url) {
            HttpGet request = new HttpGet(url);
            return new Exchange() {
                @Override
                public Response send() throws IOException {
                    try {
                        // Up to 5.0 a minimal client cannot do without a context.
                        return new Body(http().execute(request, HttpClientContext.create()));
                    } catch (NullPointerException e) {
                        // It meets its own nulls: in 5.6 at a timeout of OFFLOCK, which comes without a message, and in
                        // every
                        // version where a request is cancelled as it connects.
                        if (isItsOwn(e)) {
                            throw new IOException(e);
                        }
                        throw e;
                    }
                }

                @Override
                public void handle(Handler handler) throws IOException {
                    HttpClientResponseHandler<Void> handled = response -> {
                        handler.handle();
                        return null;
                    };
                    http().execute(request, handled);
                }

                @Override
                public void abort() {
                    request.cancel();
                }
            };
        }
    }

    private static final class Pooled extends Sending {
        private final PoolingHttpClientConnectionManager manager;
        private final PoolConcurrencyPolicy policy;
        private final Options options;
        private final CloseableHttpClient http;

        Pooled(Options options, PoolConcurrencyPolicy policy) {
            this(options, policy, manager(options, policy));
        }

        private Pooled(Options options, PoolConcurrencyPolicy policy, PoolingHttpClientConnectionManager manager) {
            this.options = options;
            this.policy = policy;
            this.manager = manager;
            this.http = options.isMinimal() ? HttpClients.createMinimal(manager) : client(options, manager);
        }

        private static PoolingHttpClientConnectionManager manager(Options options, PoolConcurrencyPolicy policy) {
            PoolingHttpClientConnectionManagerBuilder pool = PoolingHttpClientConnectionManagerBuilder.create()
                    .setPoolConcurrencyPolicy(policy)
                    .setMaxConnPerRoute(options.perRoute())
                    .setMaxConnTotal(options.total());
            if (options.trust() != null) {
                pool.setSSLSocketFactory(
                        new SSLConnectionSocketFactory(options.trust().context()));
            }
            if (!options.maximumAge().isZero()) {
                pool.setConnectionTimeToLive(
                        TimeValue.ofMilliseconds(options.maximumAge().toMillis()));
            } else {
                // From 5.2 on it is 2 s otherwise, which a busy machine may take for itself; and either setting undoes
                // the
                // other.
                pool.setValidateAfterInactivity(TimeValue.ofMilliseconds(options.isChecking() ? 1 : 60_000));
            }
            if (options.isAnyHost()) {
                pool.setDnsResolver(new Loopback());
            }
            return pool.build();
        }

        private static CloseableHttpClient client(Options options, HttpClientConnectionManager manager) {
            long wait = options.waitTimeout().toMillis();
            HttpClientBuilder builder = HttpClients.custom()
                    .setConnectionManager(manager)
                    .setConnectionManagerShared(!options.isAlone())
                    .setDefaultRequestConfig(RequestConfig.custom()
                            .setConnectionRequestTimeout(wait == 0 ? FOR_EVER : Timeout.ofMilliseconds(wait))
                            .setConnectTimeout(Timeout.ofSeconds(10))
                            .setResponseTimeout(FOR_EVER)
                            .build());
            if (!options.retries()) {
                builder.disableAutomaticRetries();
            }
            if (options.proxy() != null) {
                builder.setProxy(new HttpHost(
                        options.proxy().getHostString(), options.proxy().getPort()));
            }
            return builder.build();
        }

        @Override
        CloseableHttpClient http() {
            return http;
        }

        @Override
        public void limit(int perRoute, int total) {
            manager.setDefaultMaxPerRoute(perRoute);
            manager.setMaxTotal(total);
            if (policy == PoolConcurrencyPolicy.LAX) {
                // It keeps to the old default where it has been.
                for (HttpRoute route : manager.getRoutes()) {
                    manager.setMaxPerRoute(route, perRoute);
                }
                // And looks at who waits only when there is something else to do.
                manager.closeExpired();
            }
        }

        @Override
        public void limitRoute(String url, int connections) {
            URI server = URI.create(url);
            manager.setMaxPerRoute(new HttpRoute(new HttpHost(server.getHost(), server.getPort())), connections);
        }

        @Override
        public Client sibling() {
            return new Pooled(options, policy, manager);
        }

        @Override
        public void close() throws IOException {
            http.close();
        }

        @Override
        public void closeButNotThePool() throws IOException {
            http.close();
        }

        @Override
        public PoolStats stats() {
            org.apache.hc.core5.pool.PoolStats stats = manager.getTotalStats();
            return new PoolStats(stats.getLeased(), stats.getAvailable(), stats.getPending());
        }

        @Override
        public void evictIdle() {
            manager.closeIdle(TimeValue.ZERO_MILLISECONDS);
        }

        @Override
        public void closePool() {
            manager.close();
        }
    }

    /** A manager of one connection, which keeps no statistics. */
    private static final class Single extends Sending {
        private final BasicHttpClientConnectionManager manager = new BasicHttpClientConnectionManager();
        private final CloseableHttpClient http =
                HttpClients.custom().setConnectionManager(manager).build();

        @Override
        CloseableHttpClient http() {
            return http;
        }

        @Override
        public PoolStats stats() {
            return new PoolStats(0, 0, 0);
        }

        @Override
        public void evictIdle() {
            manager.closeIdle(TimeValue.ZERO_MILLISECONDS);
        }

        @Override
        public void closePool() {
            manager.close();
        }
    }

    private static final class Loopback implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) {
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
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
            return response.getCode();
        }

        @Override
        public void close() throws IOException {
            response.close();
        }

        /** By reflection: the oldest version does not have it, and against that this is compiled. */
        @Override
        public void closeAtOnce() throws IOException {
            try {
                CloseableHttpResponse.class.getMethod("close", CloseMode.class).invoke(response, CloseMode.IMMEDIATE);
            } catch (ReflectiveOperationException e) {
                throw new IOException(e);
            }
        }
    }
}
