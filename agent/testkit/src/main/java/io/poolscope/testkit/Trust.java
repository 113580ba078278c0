package io.poolscope.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Trust in the kit's own certificate. */
public final class Trust {

    /** The password of the kit's key store, which keeps no secret. */
    public static final String PASSWORD = "poolscope";

    private final SSLContext context;
    private final X509TrustManager manager;

    private Trust(SSLContext context, X509TrustManager manager) {
        this.context = context;
        this.manager = manager;
    }

    /** Reads a PKCS #12 store whose certificates are to be trusted. */
    public static Trust of(Path store) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("kit", keys.getCertificate("kit"));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            X509TrustManager manager = (X509TrustManager) factory.getTrustManagers()[0];
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, null);
            return new Trust(context, manager);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    public SSLContext context() {
        return context;
    }

    public X509TrustManager manager() {
        return manager;
    }
}
