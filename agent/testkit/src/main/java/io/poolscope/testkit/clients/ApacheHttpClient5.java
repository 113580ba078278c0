package io.poolscope.testkit.clients;

import io.poolscope.testkit.Adapter;
import io.poolscope.testkit.Client;
import io.poolscope.testkit.Options;
import io.poolscope.testkit.Traits;
import io.poolscope.testkit.Traits.Fate;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Locale;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.SSLConnectionSocketFactory;
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
                .leasesOfARedirect(2);
        if (policy.equals("LAX")) {
            traits.noTotalLimit();
        }
        if (policy.equals("OFFLOCK") && !version.startsWith("5.6")) {
            traits.absent("the pool of PoolConcurrencyPolicy.OFFLOCK came with 5.6");
        }
        return traits;
    }

    @Override
    public Client open(Options options) {
        return new Pooled(options, PoolConcurrencyPolicy.valueOf(policy));
    }

    private static final class Pooled implements Client {
        private final PoolingHttpClientConnectionManager manager;
        private final CloseableHttpClient http;

        Pooled(Options options, PoolConcurrencyPolicy policy) {
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
            }
            if (options.isAnyHost()) {
                pool.setDnsResolver(new Loopback());
            }
            manager = pool.build();
            long wait = options.waitTimeout().toMillis();
            HttpClientBuilder builder = HttpClients.custom()
                    .setConnectionManager(manager)
                    .setDefaultRequestConfig(RequestConfig.custom()
                            .setConnectionRequestTimeout(wait == 0 ? FOR_EVER : Timeout.ofMilliseconds(wait))
                            .setConnectTimeout(Timeout.ofSeconds(10))
                            .setResponseTimeout(Timeout.ofSeconds(120))
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
                    request.cancel();
                }
            };
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
    }
}
