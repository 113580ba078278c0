package io.poolscope.engine.pools;

import static org.assertj.core.api.Assertions.assertThat;

import io.poolscope.model.Client;
import java.util.List;
import org.junit.jupiter.api.Test;

class SiteReaderTest {

    private final SiteReader reader = new SiteReader(List.of("com.acme.http."));

    private static StackTraceElement frame(String type, String method) {
        String simple = type.substring(type.lastIndexOf('.') + 1);
        int dollar = simple.indexOf('$');
        return new StackTraceElement(type, method, (dollar < 0 ? simple : simple.substring(0, dollar)) + ".java", 88);
    }

    @Test
    void theFirstFrameAboveClientAndLayersIsTheCallSite() {
        Site site = reader.read(new StackTraceElement[] {
            frame("io.poolscope.model.Lease", "handedOut"),
            frame("org.apache.http.impl.client.InternalHttpClient", "doExecute"),
            frame("org.elasticsearch.client.RestClient", "performRequest"),
            frame("com.acme.http.Wrapper", "send"),
            frame("com.acme.shop.Stock", "level"),
            frame("java.util.concurrent.ThreadPoolExecutor", "runWorker"),
            frame("com.acme.shop.Checkout", "reserve"),
            frame("org.springframework.web.servlet.DispatcherServlet", "doDispatch"),
        });

        assertThat(site.function).isEqualTo("com.acme.shop.Stock.level");
        assertThat(site.line).isEqualTo("com.acme.shop.Stock.level(Stock.java:88)");
        assertThat(site.inShort()).isEqualTo("Stock.level(Stock.java:88)");
        assertThat(site.place()).isEqualTo("Stock.java:88");
        assertThat(site.owner).isEqualTo("com.acme.shop.Stock");
        assertThat(site.frames)
                .containsExactly(
                        "com.acme.shop.Stock.level(Stock.java:88)", "com.acme.shop.Checkout.reserve(Checkout.java:88)");
    }

    @Test
    void aCopyOfAClientIsAClientWhereverItWasMoved() {
        StackTraceElement[] stack = {
            frame("net.lake.internal.httpcode.Caller", "call"), frame("com.acme.shop.Stock", "level")
        };
        StackTraceElement[] ofCopy = {
            frame("net.lake.internal.http.impl.client.InternalHttpClient", "execute"), stack[0]
        };
        Client.add("apache-httpclient-4", "httpclient", "net.lake.internal.http", "4.5.14", Client.ON);

        assertThat(reader.read(ofCopy).owner).isEqualTo("net.lake.internal.httpcode.Caller");
        assertThat(reader.read(stack).owner).isEqualTo("net.lake.internal.httpcode.Caller");
    }

    @Test
    void whereNoneOfTheApplicationIsLeftALayerIsBetterThanNothing() {
        Site site = reader.read(new StackTraceElement[] {
            frame("okhttp3.RealCall", "execute"),
            frame("retrofit2.OkHttpCall", "execute"),
            frame("org.springframework.scheduling.Task", "run"),
            frame("java.lang.Thread", "run")
        });

        assertThat(site.line).isEqualTo("retrofit2.OkHttpCall.execute(OkHttpCall.java:88)");
    }

    @Test
    void aStackWithoutAnythingButTheClientIsUnknown() {
        assertThat(reader.read(
                        new StackTraceElement[] {frame("okhttp3.RealCall", "run"), frame("java.lang.Thread", "run")}))
                .isEqualTo(Site.UNKNOWN);
        assertThat(reader.read(null)).isEqualTo(Site.UNKNOWN);
        assertThat(Site.UNKNOWN.inShort()).isEqualTo("unknown");
    }

    @Test
    void aRelocatedClientIsAClient() {
        Site site = reader.read(new StackTraceElement[] {
            frame("com.acme.shaded.org.apache.http.impl.client.InternalHttpClient", "doExecute"),
            frame("com.acme.shop.Stock", "level")
        });

        assertThat(site.function).isEqualTo("com.acme.shop.Stock.level");
    }

    @Test
    void proxiesAndAccessorsAreLookedThrough() {
        Site site = reader.read(new StackTraceElement[] {
            frame("com.acme.shop.Stock", "access$000"),
            new StackTraceElement("com.acme.shop.Stock$$SpringCGLIB$$0", "level", "<generated>", -1),
            new StackTraceElement("jdk.proxy2.$Proxy42", "level", null, -1),
            new StackTraceElement("com.acme.shop.Stock$$Lambda$14/0x0000", "run", null, -1),
            frame("com.acme.shop.Stock", "level")
        });

        assertThat(site.line).isEqualTo("com.acme.shop.Stock.level(Stock.java:88)");
    }

    @Test
    void generatedPartsOfNamesAreNormalised() {
        assertThat(normalised("com.acme.Stock", "lambda$level$0")).isEqualTo("com.acme.Stock.level");
        assertThat(normalised("com.acme.Stock", "lambda$new$0")).isEqualTo("com.acme.Stock.<init>");
        assertThat(normalised("com.acme.Stock", "level$lambda$3")).isEqualTo("com.acme.Stock.level");
        assertThat(normalised("com.acme.Stock", "$anonfun$level$1")).isEqualTo("com.acme.Stock.level");
        assertThat(normalised("com.acme.Stock$1", "run")).isEqualTo("com.acme.Stock.run");
        assertThat(normalised("com.acme.Stock$Shelf", "get")).isEqualTo("com.acme.Stock$Shelf.get");
        assertThat(normalised("com.acme.Stock$Shelf$2", "get")).isEqualTo("com.acme.Stock$Shelf.get");
        assertThat(normalised("com.acme.Stock$level$1", "invokeSuspend")).isEqualTo("com.acme.Stock.level");
        assertThat(normalised("com.acme.Stock$$EnhancerBySpringCGLIB$$ab12", "level"))
                .isEqualTo("com.acme.Stock.level");
        assertThat(normalised("com.acme.$Stock", "level")).isEqualTo("com.acme.$Stock.level");
    }

    private static String normalised(String type, String method) {
        return String.join(".", SiteReader.normalised(type, method));
    }

    @Test
    void aFrameWithoutALineIsNamedByItsFunction() {
        Site site =
                reader.read(new StackTraceElement[] {new StackTraceElement("com.acme.shop.Stock", "level", null, -1)});

        assertThat(site.line).isEqualTo("com.acme.shop.Stock.level(Unknown Source)");
        assertThat(site.place()).isEqualTo("com.acme.shop.Stock.level");
    }
}
