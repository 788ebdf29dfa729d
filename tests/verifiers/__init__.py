"""Programs in other languages read and verify what we send.

OpenDKIM (Debian: opendkim-tools), Perl's Email::MIME (libemail-mime-perl) and Node's mailparser, which lies in the
folder named by NEWSLETTER_TEST_NODE or in `.venv/parsers/node_modules`: `npm install --prefix .venv/parsers
mailparser@3.14.2`. Where one is missing its tests are skipped, or fail with NEWSLETTER_TEST_VERIFIERS=required.
"""
