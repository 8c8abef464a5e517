/** What only looks: an entry, a directory, a file's bytes. */
export const LOOKING = String.raw`
use constant CHUNK => 262144;

my (%kept, $last_kept);
sub keep { $last_kept += 1; $kept{$last_kept} = $_[0]; return $last_kept }
sub do_drop { my $kept = delete $kept{$_[0]}; $kept->{undo}->() if $kept && $kept->{undo}; return () }
sub drop_all { do_drop($_) for keys %kept }

sub do_stat {
  my ($root, $path, $follow) = @_;
  return there(walk(root($root), $path, $follow))->{said};
}

# Entries go in parts, so that many need no room here.
sub in_parts {
  my @part;
  my $size = 0;
  my $flush = sub { say_fields("part", @part) if @part; @part = (); $size = 0 };
  my $add = sub { push @part, $_[0]; $size += length $_[0]; $flush->() if $size > CHUNK };
  return ($add, $flush);
}

sub do_list {
  my ($root, $path) = @_;
  my $way = walk(root($root), $path, 1);
  my $entry = there($way);
  fault("not_a_directory") if $entry->{type} ne "directory";
  my $fh = open_place($way->{at});
  failed() unless $fh;
  my ($add, $flush) = in_parts();
  # A name alone is found in half the time.
  chdir $fh or failed();
  for my $name (names_in($fh)) {
    my $each = listed($name);
    $add->($each) if defined $each;
  }
  chdir "/";
  $flush->();
  return $entry->{said};
}

# What lies at a name in the directory that is worked in, or undef: mode, size and time in bytes, for there may be very many.
sub listed {
  my ($name) = @_;
  for (1 .. 100) {
    my @s = stat_name($name);
    return undef if !@s && $!{ENOENT};
    failed() unless @s;
    my $told = pack "Nd>d>a*", $s[2], $s[7], int($s[9] * 1000), $name;
    return $told unless ($s[2] & 0170000) == 0120000;
    my $target = readlink $name;
    return "$told\0$target" if defined $target;
    failed() unless $!{EINVAL} || $!{ENOENT};
  }
  fault("file_changed");
}

# Tells of everything below a directory, links as themselves.
sub tell_below {
  my ($fh, $path, $add) = @_;
  fault("invalid_input", "what lies below it is too deep") if ($path =~ tr{/}{}) >= 1000;
  my $here = here($fh);
  for my $name (names_in($fh)) {
    my $each = look("$here/$name", "$path/$name");
    next unless $each;
    $add->($each->{said});
    next unless $each->{type} eq "directory";
    my $below = open_place("$here/$name");
    failed() unless $below;
    tell_below($below, "$path/$name", $add);
  }
}

# Of a file with more than the limit left it only says so: such are for another way.
sub do_read {
  my ($root, $path, $offset, $length, $limit) = @_;
  my $way = walk(root($root), $path, 1);
  require_file(there($way));
  sysopen my $fh, $way->{at}, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY or failed();
  my @s = stat_open($fh);
  my $entry = entry($way->{path}, "", @s);
  require_file($entry);
  my $left = $s[7] - $offset;
  $left = $length if $length ne "" && $length < $left;
  return (0) if $limit ne "" && $left > $limit;
  sysseek $fh, $offset, 0 or failed();
  my $kept = { fh => $fh, left => $length };
  my ($bytes, $more) = chunk($kept);
  return ($more ? keep($kept) : 0, $entry->{said}, $bytes);
}

sub do_more {
  my ($number) = @_;
  my $kept = $kept{$number};
  fault("internal", "nothing is kept") unless $kept;
  my ($bytes, $more) = chunk($kept);
  delete $kept{$number} unless $more;
  return ($more ? $number : 0, $bytes);
}

sub chunk {
  my ($kept) = @_;
  my $want = $kept->{left} ne "" && $kept->{left} < CHUNK ? $kept->{left} : CHUNK;
  my $bytes = "";
  while (length $bytes < $want) {
    my $got = sysread $kept->{fh}, $bytes, $want - length $bytes, length $bytes;
    failed() unless defined $got;
    return ($bytes, 0) unless $got;
  }
  $kept->{left} -= length $bytes if $kept->{left} ne "";
  return ($bytes, $kept->{left} eq "" || $kept->{left} > 0);
}
`;
