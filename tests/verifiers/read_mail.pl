# Reads mails (files named on the command line) with Email::MIME and prints what they say as a JSON list.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use Email::MIME;
use JSON::PP;

my @found;
for my $path (@ARGV) {
    open my $file, '<:raw', $path or die "$path: $!";
    my $raw = do { local $/; <$file> };
    close $file;
    push @found, told(Email::MIME->new($raw));
}
print JSON::PP->new->utf8->canonical->encode(\@found);

sub told {
    my ($mail) = @_;
    my %told = (
        subject     => $mail->header_str('Subject'),
        from        => person($mail, 'From'),
        to          => person($mail, 'To'),
        text        => undef,
        html        => undef,
        attachments => [],
        names       => [],
    );
    my @pairs = $mail->header_raw_pairs;
    while (my ($name) = splice @pairs, 0, 2) { push @{$told{names}}, lc $name }
    $told{$_} = $mail->header_raw($_) for qw(list-id list-unsubscribe list-unsubscribe-post message-id);
    $mail->walk_parts(sub {
        my ($part) = @_;
        return if $part->subparts;
        my ($type) = split /;/, $part->content_type;
        if ($type =~ m{^text/(plain|html)$}) {
            $told{$1 eq 'plain' ? 'text' : 'html'} = $part->body_str;
        } else {
            push @{$told{attachments}}, [$part->filename, sha256_hex($part->body)];
        }
    });
    return \%told;
}

sub person {
    my ($mail, $field) = @_;
    my ($one) = $mail->header_as_obj($field)->addresses;
    return [$one->phrase // '', $one->address];
}
