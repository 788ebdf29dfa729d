/* A lean SMTP sink for benchmarks: it answers, counts and forgets, so that the client is what is measured.
 *
 * One thread and epoll; PIPELINING and CHUNKING; listens on a free port of 127.0.0.1, or of the address it is given,
 * and prints it. STAT, a command of its own,
 * answers "250 messages bytes first-nanoseconds": when the first MAIL with a sender came, by the clock that shows the time.
 * It ends with the process that started it, and at the latest after LIFETIME seconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LIFETIME = 1800, READ = 1 << 18, LINE = 1024, ANSWERS = 4096, EVENTS = 64, BACKLOG = 256 };

static const char END[] = "\r\n.\r\n";
enum { END_LENGTH = sizeof END - 1 };

struct client {
    int socket;
    bool content;       /* between DATA and its end */
    bool last;          /* the chunk is the last of its message */
    long chunk;         /* bytes of a chunk that are still to come */
    int matched;        /* in content: how much of END has been seen */
    size_t line_length; /* otherwise: what there is of a command line */
    size_t answers_length;
    char line[LINE];
    char answers[ANSWERS];
};

static unsigned long messages, bytes;
static long long first;

static void answer(struct client *client, const char *text) {
    size_t length = strlen(text);
    if (client->answers_length + length <= ANSWERS) {
        memcpy(client->answers + client->answers_length, text, length);
        client->answers_length += length;
    }
}

/* Note the first message of an issue; letters have an empty sender. */
static void begin_mail(const char *line) {
    if (first == 0 && strstr(line, "<>") == NULL) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        first = now.tv_sec * 1000000000LL + now.tv_nsec;
    }
}

static void end_chunk(struct client *client) {
    messages += client->last;
    answer(client, "250 2.0.0 Ok: forgotten\r\n");
}

/* Begin a chunk (RFC 3030); one without content is answered at once. */
static void begin_chunk(struct client *client) {
    client->chunk = atol(client->line + 4);
    client->last = strcasestr(client->line, "LAST") != NULL;
    if (client->chunk == 0)
        end_chunk(client);
}

/* Answer the command in `line`; return false where it was the last. */
static bool obey(struct client *client) {
    const char *line = client->line;
    if (strncasecmp(line, "MAIL", 4) == 0) {
        begin_mail(line);
        answer(client, "250 2.1.0 Ok\r\n");
    } else if (strncasecmp(line, "DATA", 4) == 0) {
        client->content = true;
        client->matched = 2; /* an empty message has no line end before its dot */
        answer(client, "354 End data with <CR><LF>.<CR><LF>\r\n");
    } else if (strncasecmp(line, "BDAT", 4) == 0) {
        begin_chunk(client);
    } else if (strncasecmp(line, "EHLO", 4) == 0) {
        answer(client, "250-sink\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 DSN\r\n");
    } else if (strncasecmp(line, "STAT", 4) == 0) {
        char text[96];
        snprintf(text, sizeof text, "250 %lu %lu %lld\r\n", messages, bytes, first);
        answer(client, text);
    } else if (strncasecmp(line, "QUIT", 4) == 0) {
        answer(client, "221 2.0.0 Bye\r\n");
        return false;
    } else {
        answer(client, "250 2.0.0 Ok\r\n");
    }
    return true;
}

/* Return how much of END the last bytes of a piece are the beginning of. */
static int beginning(const char *piece, size_t length) {
    int longest = length < END_LENGTH - 1 ? (int)length : END_LENGTH - 1;
    while (longest > 0 && memcmp(piece + length - longest, END, longest) != 0)
        longest--;
    return longest;
}

/* Pass over content; return where it ends or where the piece does. */
static const char *skip_content(struct client *client, const char *at, const char *stop) {
    while (at < stop && client->matched > 0 && client->matched < END_LENGTH) {
        if (*at == END[client->matched])
            client->matched++;
        else
            client->matched = *at == '\r';
        at++;
    }
    if (client->matched == 0 && at < stop) {
        const char *found = memmem(at, stop - at, END, END_LENGTH);
        client->matched = found ? END_LENGTH : beginning(at, stop - at);
        at = found ? found + END_LENGTH : stop;
    }
    if (client->matched == END_LENGTH) {
        client->content = false;
        messages++;
        answer(client, "250 2.0.0 Ok: forgotten\r\n");
    }
    return at;
}

/* Take a piece of what the client says; return false when it has said goodbye. */
static bool take(struct client *client, const char *at, const char *stop) {
    bytes += stop - at;
    while (at < stop) {
        if (client->content) {
            at = skip_content(client, at, stop);
            continue;
        }
        if (client->chunk > 0) {
            long here = stop - at < client->chunk ? stop - at : client->chunk;
            at += here;
            client->chunk -= here;
            if (client->chunk == 0)
                end_chunk(client);
            continue;
        }
        const char *newline = memchr(at, '\n', stop - at);
        size_t length = (newline ? newline + 1 : stop) - at;
        if (client->line_length + length < LINE) {
            memcpy(client->line + client->line_length, at, length);
            client->line_length += length;
        }
        at += length;
        if (newline) {
            client->line[client->line_length] = 0;
            client->line_length = 0;
            if (!obey(client))
                return false;
        }
    }
    return true;
}

static void greet(int poller, int listener) {
    static const int on = 1;
    int accepted = accept(listener, NULL, NULL);
    struct client *client = accepted < 0 ? NULL : calloc(1, sizeof *client);
    if (client == NULL)
        return;
    client->socket = accepted;
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    epoll_ctl(poller, EPOLL_CTL_ADD, accepted, &event);
    static const char hello[] = "220 sink ESMTP\r\n";
    if (write(accepted, hello, sizeof hello - 1) < 0)
        shutdown(accepted, SHUT_RDWR);
}

static void serve(struct client *client) {
    static char piece[READ];
    ssize_t length = read(client->socket, piece, sizeof piece);
    bool open = length > 0 && take(client, piece, piece + length);
    if (client->answers_length > 0 && write(client->socket, client->answers, client->answers_length) < 0)
        open = false;
    client->answers_length = 0;
    if (!open) {
        close(client->socket);
        free(client);
    }
}

int main(int count, char **words) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    alarm(LIFETIME);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = inet_addr(count > 1 ? words[1] : "127.0.0.1")};
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, BACKLOG) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
        perror("sink");
        return 1;
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    int poller = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, ready[EVENTS];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int some = epoll_wait(poller, ready, EVENTS, -1);
        for (int each = 0; each < some; each++) {
            struct client *client = ready[each].data.ptr;
            if (client != NULL) {
                serve(client);
                continue;
            }
            greet(poller, listener);
        }
    }
}
