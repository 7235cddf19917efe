/* A crowd at a room: raw sockets and one epoll, so that it costs far less than what it measures.
 *
 *     crowd PORT ADDRESS...
 *
 * The crowd comes from these addresses of loopback by turns. It reads commands, one a line, and
 * answers each by lines on stdout, the last of which begins with "done":
 *
 *     listen COUNT FILE              open so many more streams
 *     shoot COUNT FILE               post so often, each time once all streams have the last one:
 *                                    "shot MICROSECONDS ACKNOWLEDGED" until the last has it
 *     ask CONNECTIONS SECONDS FILE   ask again as soon as answered: "done COUNT SECONDS P50 P99"
 *
 * A FILE holds whole requests, each ended by a NUL, which are taken by turns. "########" in them
 * becomes a number that is never given twice. Whatever is not as expected ends the crowd.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MARK = 8,
    HEAD_MAX = 8192,
    WAVE = 256,
    REQUESTS_MAX = 4096,
    MARKS_MAX = 4,
    PATIENCE_MS = 60000,
    EVENTS = 1024,
    TOOK_MAX = 1 << 20,
    RECEIVE = 1 << 20,
};

#define BLANK "########"

struct client {
    int fd;
    bool is_stream;
    bool has_begun;
    uint32_t seen;            /* the last shot that it has */
    char tail[MARK];          /* of what it has read, as a mark may come in two pieces */
    char head[HEAD_MAX];      /* of an answer; a stream's is looked at once */
    size_t head_size;
    long body_left;           /* bytes of the answer to come, once its head is there */
    struct timespec asked_at;
};

static struct sockaddr_in room;
static struct in_addr *addresses;
static int address_count, address_turn;
static int poll_fd;
static int stream_count, begun_count;
static struct request { char *text; size_t size; size_t marks[MARKS_MAX]; int mark_count; } requests[REQUESTS_MAX];
static int request_count, request_turn;
static uint32_t number;       /* the last one given */
static uint32_t wanted;       /* the shot that all streams are to have; 0 while nobody shoots */
static char wanted_mark[MARK + 1];
static int missing;           /* streams that do not have it yet */
static char received[MARK + RECEIVE];

static void fail(const char *what) {
    fprintf(stderr, "crowd: %s (%s)\n", what, strerror(errno));
    exit(1);
}

static struct timespec now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time;
}

static double since_us(struct timespec begun) {
    struct timespec end = now();
    return (end.tv_sec - begun.tv_sec) * 1e6 + (end.tv_nsec - begun.tv_nsec) / 1e3;
}

static void load(const char *file) {
    static char *text;
    static size_t room_for;
    FILE *stream = fopen(file, "r");
    if (stream == NULL) fail(file);
    ssize_t size = getdelim(&text, &room_for, EOF, stream);
    fclose(stream);
    if (size <= 0) fail("no requests");
    request_count = request_turn = 0;
    for (char *at = text; at < text + size; at += strlen(at) + 1) {
        if (request_count == REQUESTS_MAX) fail("too many requests");
        struct request *request = &requests[request_count++];
        *request = (struct request){.text = at, .size = strlen(at)};
        for (char *mark = at; request->mark_count < MARKS_MAX && (mark = strstr(mark, BLANK)); mark += MARK)
            request->marks[request->mark_count++] = mark - at;
    }
}

/* Send the next request, with a new number in it; return the number. */
static uint32_t ask(struct client *client) {
    struct request *request = &requests[request_turn];
    char mark[MARK + 1];
    request_turn = (request_turn + 1) % request_count;
    snprintf(mark, sizeof mark, "%08u", ++number);
    for (int i = 0; i < request->mark_count; i++) memcpy(request->text + request->marks[i], mark, MARK);
    client->asked_at = now();
    client->head_size = 0;
    client->body_left = -1;
    if (send(client->fd, request->text, request->size, MSG_NOSIGNAL) != (ssize_t)request->size)
        fail("can't ask");
    return number;
}

static struct client *come(bool is_stream) {
    struct client *client = calloc(1, sizeof *client);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = addresses[address_turn]};
    int yes = 1;
    address_turn = (address_turn + 1) % address_count;
    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    client->is_stream = is_stream;
    if (client->fd < 0) fail("no socket");
    setsockopt(client->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (bind(client->fd, (struct sockaddr *)&here, sizeof here)) fail("can't bind");
    if (connect(client->fd, (struct sockaddr *)&room, sizeof room)) fail("can't connect");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, client->fd, &event)) fail("can't watch");
    return client;
}

static void leave(struct client *client) {
    close(client->fd);
    free(client);
}

/* Take what has come on a stream; note whether the wanted mark is in it. */
static void hear(struct client *client) {
    ssize_t size = recv(client->fd, received + MARK, RECEIVE, MSG_DONTWAIT);
    if (size <= 0) fail("a stream has ended");
    if (!client->has_begun) {
        if (memcmp(received + MARK, "HTTP/1.1 200", 12) != 0) fail("no stream");
        client->has_begun = true;
        begun_count++;
    }
    if (wanted && client->seen != wanted) {
        memcpy(received, client->tail, MARK);
        if (memmem(received, MARK + size, wanted_mark, MARK)) {
            client->seen = wanted;
            missing--;
        }
    }
    memcpy(client->tail, received + size, MARK);
}

/* Take what has come of an answer; tell whether it is whole. */
static bool is_answered(struct client *client) {
    if (client->body_left < 0) {
        ssize_t size = recv(client->fd, client->head + client->head_size, HEAD_MAX - 1 - client->head_size, 0);
        if (size <= 0) fail("the room has hung up");
        client->head_size += size;
        client->head[client->head_size] = 0;
        char *end = strstr(client->head, "\r\n\r\n");
        if (end == NULL) return false;
        if (strncmp(client->head, "HTTP/1.1 20", 11) != 0) {
            fprintf(stderr, "%.12s\n", client->head);
            fail("refused");
        }
        char *length = strcasestr(client->head, "\r\nContent-Length:");
        if (length == NULL || length > end) fail("an answer without a length");
        client->body_left = atol(length + 17) - (client->head + client->head_size - end - 4);
    } else {
        ssize_t size = recv(client->fd, received, RECEIVE, 0);
        if (size <= 0) fail("the room has hung up");
        client->body_left -= size;
    }
    return client->body_left <= 0;
}

/* Wait for something and serve the streams; return how many of the others have something. */
static int wait_for(struct client **askers) {
    static struct epoll_event events[EVENTS];
    int found = 0, count = epoll_wait(poll_fd, events, EVENTS, PATIENCE_MS);
    if (count <= 0) fail("waited in vain");
    for (int i = 0; i < count; i++) {
        struct client *client = events[i].data.ptr;
        if (client->is_stream) hear(client);
        else askers[found++] = client;
    }
    return found;
}

static void listen_to(int count) {
    struct client *askers[EVENTS];
    struct timespec begun = now();
    for (int i = 0; i < count; i++) {
        struct client *client = come(true);
        stream_count++;
        ask(client);
        while (stream_count - begun_count >= WAVE) wait_for(askers);
    }
    while (begun_count < stream_count) wait_for(askers);
    printf("done %d %.3f\n", stream_count, since_us(begun) / 1e6);
}

static void shoot(int count) {
    struct client *askers[EVENTS], *poster = come(false);
    for (int i = 0; i < count; i++) {
        bool is_acknowledged = false;
        double last = 0, acknowledged = 0;
        missing = stream_count;
        wanted = number + 1;
        snprintf(wanted_mark, sizeof wanted_mark, "%08u", wanted);
        ask(poster);
        while (!is_acknowledged || missing) {
            int before = missing;
            if (wait_for(askers) && is_answered(poster)) {
                is_acknowledged = true;
                acknowledged = since_us(poster->asked_at);
            }
            if (before && !missing) last = since_us(poster->asked_at);
        }
        printf("shot %.1f %.1f\n", last, acknowledged);
    }
    wanted = 0;
    leave(poster);
    printf("done\n");
}

static int by_size(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void keep_asking(int connections, double seconds) {
    static float took[TOOK_MAX];
    struct client *askers[EVENTS];
    struct timespec begun = now();
    size_t answered = 0;
    int waiting = connections;
    for (int i = 0; i < connections; i++) ask(come(false));
    while (waiting) {
        int count = wait_for(askers);
        for (int i = 0; i < count; i++) {
            if (!is_answered(askers[i])) continue;
            if (answered < TOOK_MAX) took[answered] = since_us(askers[i]->asked_at);
            answered++;
            if (since_us(begun) < seconds * 1e6) {
                ask(askers[i]);
            } else {
                leave(askers[i]);
                waiting--;
            }
        }
    }
    double end = since_us(begun) / 1e6;
    size_t known = answered < TOOK_MAX ? answered : TOOK_MAX;
    qsort(took, known, sizeof *took, by_size);
    printf("done %zu %.4f %.0f %.0f\n", answered, end, took[known / 2], took[known * 99 / 100]);
}

int main(int count, char **arguments) {
    char file[512], line[1024];
    int many;
    double seconds;
    if (count < 3) fail("crowd PORT ADDRESS...");
    room = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(atoi(arguments[1]))};
    room.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address_count = count - 2;
    addresses = calloc(address_count, sizeof *addresses);
    for (int i = 0; i < address_count; i++) inet_aton(arguments[2 + i], &addresses[i]);
    poll_fd = epoll_create1(0);
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "listen %d %511s", &many, file) == 2) load(file), listen_to(many);
        else if (sscanf(line, "shoot %d %511s", &many, file) == 2) load(file), shoot(many);
        else if (sscanf(line, "ask %d %lf %511s", &many, &seconds, file) == 3)
            load(file), keep_asking(many, seconds);
        else fail("no such command");
        fflush(stdout);
    }
    return 0;
}
