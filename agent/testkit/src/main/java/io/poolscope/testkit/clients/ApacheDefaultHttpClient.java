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
import org.apache.http.HttpResponse;
import org.apache.http.client.HttpClient;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.params.HttpClientParams;
import org.apache.http.client.protocol.RequestAcceptEncoding;
import org.apache.http.client.protocol.ResponseContentEncoding;
import org.apache.http.conn.DnsResolver;
import org.apache.http.conn.params.ConnRoutePNames;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.conn.scheme.PlainSocketFactory;
import org.apache.http.conn.scheme.Scheme;
import org.apache.http.conn.scheme.SchemeRegistry;
import org.apache.http.conn.ssl.SSLSocketFactory;
import org.apache.http.impl.client.DefaultHttpClient;
import org.apache.http.impl.client.DefaultHttpRequestRetryHandler;
import org.apache.http.impl.conn.PoolingClientConnectionManager;
import org.apache.http.impl.conn.SystemDefaultDnsResolver;
import org.apache.http.params.BasicHttpParams;
import org.apache.http.params.HttpConnectionParams;
import org.apache.http.params.HttpParams;

/** Apache HttpClient 4.2, which is in later versions too, deprecated. */
@SuppressWarnings("deprecation")
public final class ApacheDefaultHttpClient implements Adapter {

    @Override
    public String name() {
        return "apache-httpclient-4-default";
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
                .checksBeforeReuse(true)
                .proxies()
                .sharesPools()
                .limitsRoutes()
                .changesLimits();
    }

    @Override
    public Client open(Options options) {
        return new Pooled(options);
    }

    private static final class Pooled implements Client {
        private final Options options;
        private final PoolingClientConnectionManager manager;
        /** Not by its own type: from 4.3 on that says of more methods what they return. */
        private final HttpClient http;

        Pooled(Options options) {
            this(options, manager(options));
        }

        private static PoolingClientConnectionManager manager(Options options) {
            SchemeRegistry schemes = new SchemeRegistry();
            schemes.register(new Scheme("http", 80, PlainSocketFactory.getSocketFactory()));
            if (options.trust() != null) {
                schemes.register(new Scheme(
                        "https", 443, new SSLSocketFactory(options.trust().context())));
            }
            DnsResolver names = options.isAnyHost()
                    ? host -> new InetAddress[] {InetAddress.getLoopbackAddress()}
                    : new SystemDefaultDnsResolver();
            long age = options.maximumAge().isZero() ? -1 : options.maximumAge().toMillis();
            PoolingClientConnectionManager manager =
                    new PoolingClientConnectionManager(schemes, age, TimeUnit.MILLISECONDS, names);
            manager.setDefaultMaxPerRoute(options.perRoute());
            manager.setMaxTotal(options.total());
            return manager;
        }

        private Pooled(Options options, PoolingClientConnectionManager manager) {
            this.options = options;
            this.manager = manager;
            HttpParams params = new BasicHttpParams();
            HttpClientParams.setConnectionManagerTimeout(
                    params, options.waitTimeout().toMillis());
            HttpConnectionParams.setConnectionTimeout(params, 10_000);
            HttpConnectionParams.setSoTimeout(params, 600_000);
            if (options.proxy() != null) {
                params.setParameter(
                        ConnRoutePNames.DEFAULT_PROXY,
                        new HttpHost(
                                options.proxy().getHostString(), options.proxy().getPort()));
            }
            DefaultHttpClient http = new DefaultHttpClient(manager, params);
            http.addRequestInterceptor(new RequestAcceptEncoding());
            http.addResponseInterceptor(new ResponseContentEncoding());
            if (!options.retries()) {
                http.setHttpRequestRetryHandler(new DefaultHttpRequestRetryHandler(0, false));
            }
            this.http = http;
        }

        @Override
        public Exchange exchange(String url) {
            HttpGet request = new HttpGet(url);
            return new Exchange() {
                @Override
                public Response send() throws IOException {
                    return new Body(request, http.execute(request));
                }

                @Override
                public void abort() {
                    request.abort();
                }
            };
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

    /** Responses have no {@code close()}: who is done with one, read or not, releases its request. */
    private static final class Body extends StreamedResponse {
        private final HttpGet request;
        private final HttpResponse response;

        Body(HttpGet request, HttpResponse response) throws IOException {
            super(response.getEntity() == null ? null : response.getEntity().getContent());
            this.request = request;
            this.response = response;
        }

        @Override
        public int status() {
            return response.getStatusLine().getStatusCode();
        }

        @Override
        public void close() {
            request.releaseConnection();
        }
    }
}
