package io.poolscope.testkit.baddays;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/**
 * The server that the applications ask: {@code /bytes/n}, {@code /chunked/n}, {@code /missing/n}. A request for {@code /parked/key} is
 * never answered, and one for {@code /waiting/key} with as many bytes as there are of those.
 */
public final class Site implements AutoCloseable {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final Map<String, Integer> parked = new ConcurrentHashMap<>();

    public Site() throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                String[] path = Request.getPathInContext(request).split("/");
                if (path[1].equals("parked")) {
                    parked.merge(path[2], 1, Integer::sum);
                    return true;
                }
                byte[] body = new byte
                        [path[1].equals("waiting") ? parked.getOrDefault(path[2], 0) : Integer.parseInt(path[2])];
                if (path[1].equals("chunked")) {
                    try (OutputStream out = Content.Sink.asOutputStream(response)) {
                        out.write(body, 0, body.length / 2);
                        out.flush();
                        out.write(body, body.length / 2, body.length - body.length / 2);
                    }
                    callback.succeeded();
                } else {
                    response.setStatus(path[1].equals("missing") ? 404 : 200);
                    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
                    response.write(true, ByteBuffer.wrap(body), callback);
                }
                return true;
            }
        });
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
