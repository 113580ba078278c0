package io.poolscope.testkit;

import io.poolscope.testkit.clients.ApacheDefaultHttpClient;
import io.poolscope.testkit.clients.ApacheHttpAsyncClient4;
import io.poolscope.testkit.clients.ApacheHttpAsyncClient5;
import io.poolscope.testkit.clients.ApacheHttpClient4;
import io.poolscope.testkit.clients.ApacheHttpClient5;
import io.poolscope.testkit.clients.OkHttp;
import java.util.List;

/** The clients of each library. A new client is one line here and one class beside the others. */
public final class Adapters {

    private Adapters() {}

    /** The clients of a library, by the name that its folder of jars begins with; the first one plays the scenarios that only one client can. */
    public static List<String> of(String library, String version) {
        switch (library) {
            case "httpclient":
                // 4.3 brought a new client, and kept the old one.
                return version.startsWith("4.2")
                        ? List.of("apache-httpclient-4-default")
                        : version.equals("4.5.14")
                                ? List.of("apache-httpclient-4", "apache-httpclient-4-default")
                                : List.of("apache-httpclient-4");
            case "httpasyncclient":
                return List.of("apache-httpasyncclient-4");
            case "httpclient5":
                return List.of("apache-httpclient-5", "apache-httpclient-5-lax", "apache-httpclient-5-offlock");
            case "httpclient5-async":
                return List.of(
                        "apache-httpclient-5-async",
                        "apache-httpclient-5-async-lax",
                        "apache-httpclient-5-async-offlock");
            case "okhttp":
                return List.of("okhttp", "okhttp-enqueue");
            default:
                throw new IllegalArgumentException("no client for " + library);
        }
    }

    /** Named late and one by one: the others' libraries are not there. */
    public static Adapter named(String name) {
        switch (name) {
            case "apache-httpclient-4":
                return new ApacheHttpClient4();
            case "apache-httpasyncclient-4":
                return new ApacheHttpAsyncClient4();
            case "apache-httpclient-4-default":
                return new ApacheDefaultHttpClient();
            case "apache-httpclient-5":
                return new ApacheHttpClient5("STRICT");
            case "apache-httpclient-5-lax":
                return new ApacheHttpClient5("LAX");
            case "apache-httpclient-5-offlock":
                return new ApacheHttpClient5("OFFLOCK");
            case "apache-httpclient-5-async":
                return new ApacheHttpAsyncClient5("STRICT");
            case "apache-httpclient-5-async-lax":
                return new ApacheHttpAsyncClient5("LAX");
            case "apache-httpclient-5-async-offlock":
                return new ApacheHttpAsyncClient5("OFFLOCK");
            case "okhttp":
                return OkHttp.synchronous();
            case "okhttp-enqueue":
                return OkHttp.enqueuing();
            default:
                throw new IllegalArgumentException("no client " + name);
        }
    }
}
