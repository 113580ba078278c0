package io.poolscope.testkit.baddays;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frameworks look at everything: what they see is the library, and what weaving added says that it is synthetic. */
class ReflectionIT extends BadDays {

    private static final List<String> HTTPCLIENT_4 = List.of(
            "org.apache.http.impl.conn.CPool",
            "org.apache.http.impl.conn.CPoolEntry",
            "org.apache.http.impl.conn.CPoolProxy",
            "org.apache.http.impl.conn.PoolingHttpClientConnectionManager",
            "org.apache.http.impl.execchain.ConnectionHolder",
            "org.apache.http.impl.execchain.HttpResponseProxy",
            "org.apache.http.impl.execchain.ResponseProxyHandler",
            "org.apache.http.impl.execchain.ResponseEntityProxy",
            "org.apache.http.impl.execchain.ResponseEntityWrapper",
            "org.apache.http.conn.EofSensorInputStream",
            "org.apache.http.impl.client.InternalHttpClient",
            "org.apache.http.impl.client.MinimalHttpClient",
            "org.apache.http.pool.AbstractConnPool",
            "org.apache.http.pool.PoolEntry",
            "org.apache.http.protocol.HttpRequestExecutor",
            "org.apache.http.util.EntityUtils");

    private static final List<String> OKHTTP = List.of(
            "okhttp3.ConnectionPool",
            "okhttp3.Dispatcher",
            "okhttp3.internal.connection.RealCall",
            "okhttp3.internal.connection.RealCall$AsyncCall",
            "okhttp3.internal.connection.RealConnectionPool",
            "okhttp3.internal.connection.RealConnection",
            "okhttp3.internal.connection.Exchange",
            "okhttp3.internal.connection.Exchange$ResponseBodySource",
            "okhttp3.internal.connection.ConnectPlan",
            "okhttp3.internal.connection.RoutePlanner$ConnectResult",
            "okhttp3.internal.connection.FastFallbackExchangeFinder");

    @ParameterizedTest
    @CsvSource({
        "17, httpclient-4.5.14, 6",
        "25, httpclient-4.5.14, 6",
        "17, httpclient-4.3.6, 6",
        "25, httpclient-4.3.6, 6",
        "17, okhttp-4.12.0, 6",
        "25, okhttp-4.12.0, 6",
        "17, okhttp-5.5.1, 7",
        "25, okhttp-5.5.1, 7"
    })
    void reflectionOnWovenClassesShowsTheLibraryAndSyntheticMembers(int jdk, String library, int carriers)
            throws Exception {
        Ran ran = App.on(jdk)
                .with(App.library(library))
                .program(Looking.class, (library.startsWith("okhttp") ? OKHTTP : HTTPCLIENT_4).toArray(String[]::new))
                .run();
        List<String> added = Arrays.stream(ran.out().split("\n"))
                .filter(line -> line.startsWith("added "))
                .toList();
        assertThat(added.stream().filter(line -> line.startsWith("added field")))
                .hasSize(carriers)
                .allMatch(line -> line.endsWith(" private transient synthetic java.lang.Object"));
        assertThat(added.stream().filter(line -> line.startsWith("added interface")))
                .hasSize(carriers)
                .allMatch(line -> line.endsWith(" io.poolscope.model.Carrier"));
        assertThat(added.stream().filter(line -> line.startsWith("added method")))
                .hasSize(2 * carriers);
        assertThat(added).hasSize(4 * carriers);
        ran.saysThatItWatches(said(library));
    }
}
