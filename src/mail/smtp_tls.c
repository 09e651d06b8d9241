#include "core/base.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "core/log.h"
#include "mail/smtp_private.h"

/*
 * libesmtp names no server in its hello (RFC 6066 section 3), and some
 * then show a certificate that is good for nobody.  OpenSSL reports the start
 * of a handshake before it writes that hello, which is the moment for it.
 */
static void name_server(const SSL *ssl, int where, int value)
{
	struct mail_smtp *smtp;

	(void)value;
	if ((where & SSL_CB_HANDSHAKE_START) == 0)
		return;
	smtp = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	/* The callback's const is an accident of its type. */
	if (SSL_set_tlsext_host_name((SSL *)(uintptr_t)ssl, smtp->host) != 1)
		ERR_clear_error();
}

/* Changes no verdict, only remembers it. */
static int note_verdict(int ok, X509_STORE_CTX *store)
{
	int index = SSL_get_ex_data_X509_STORE_CTX_idx();
	const SSL *ssl = X509_STORE_CTX_get_ex_data(store, index);
	struct mail_smtp *smtp = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

	if (ok == 0)
		smtp->tls_why = X509_verify_cert_error_string(
		    X509_STORE_CTX_get_error(store));
	return ok;
}

static int trust(SSL_CTX *tls, struct str ca_file)
{
	return ca_file.len > 0
	    ? SSL_CTX_load_verify_locations(tls, ca_file.p, NULL)
	    : SSL_CTX_set_default_verify_paths(tls);
}

enum err mail_smtp_tls_init(struct mail_smtp *smtp)
{
	const struct config *config = smtp->config;
	X509_VERIFY_PARAM *param;

	smtp->host = strndup(config->mail_server.p, config->mail_server.len);
	smtp->tls = SSL_CTX_new(TLS_client_method());
	ensure(smtp->host != NULL && smtp->tls != NULL);
	if (trust(smtp->tls, config->mail_ca_file) != 1) {
		log_at(LOG_ERROR, "cannot load the certificates to trust",
		    LOG_STR("file", config->mail_ca_file),
		    LOG_Z("why", ERR_reason_error_string(ERR_peek_error())));
		ERR_clear_error();
		return ERR_INVALID;
	}
	/*
	 * The name is checked within the handshake, so that nothing depends
	 * on what libesmtp makes of a certificate afterwards.
	 */
	param = SSL_CTX_get0_param(smtp->tls);
	X509_VERIFY_PARAM_set_hostflags(param,
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	ensure(X509_VERIFY_PARAM_set1_host(param, smtp->host, 0) == 1);
	/*
	 * Not TLS 1.3: its server sends session tickets after the handshake,
	 * and libesmtp 1.1, which looks for something to read before it sends
	 * its EHLO, then waits for an answer to what it has not asked.
	 */
	ensure(SSL_CTX_set_min_proto_version(smtp->tls, TLS1_2_VERSION) == 1);
	ensure(SSL_CTX_set_max_proto_version(smtp->tls, TLS1_2_VERSION) == 1);
	SSL_CTX_set_verify(smtp->tls, SSL_VERIFY_PEER, note_verdict);
	SSL_CTX_set_info_callback(smtp->tls, name_server);
	ensure(SSL_CTX_set_app_data(smtp->tls, smtp) == 1);
	return OK;
}
