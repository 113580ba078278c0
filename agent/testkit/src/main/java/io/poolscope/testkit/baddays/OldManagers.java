package io.poolscope.testkit.baddays;

import org.apache.http.HttpResponse;
import org.apache.http.client.HttpClient;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.conn.ClientConnectionManager;
import org.apache.http.impl.client.DefaultHttpClient;
import org.apache.http.util.EntityUtils;

/**
 * An application with connection managers that were deprecated long ago, and one request for each.
 *
 * <p>Arguments: the server, then names of managers.
 */
@SuppressWarnings("deprecation")
public final class OldManagers {

    private OldManagers() {}

    public static void main(String[] arguments) throws Exception {
        for (int i = 1; i < arguments.length; i++) {
            ClientConnectionManager manager = (ClientConnectionManager)
                    Class.forName(arguments[i]).getConstructor().newInstance();
            HttpClient client = new DefaultHttpClient(manager);
            HttpResponse response = client.execute(new HttpGet(arguments[0] + "/bytes/100"));
            System.out.println(arguments[i] + " got " + EntityUtils.toByteArray(response.getEntity()).length);
        }
        Errands.linger();
        System.exit(Errands.EXIT);
    }
}
