/**
 * Ways and what lies at their end. A way is walked one name at a time, each relative to a descriptor of the directory before it;
 * links are read and walked by the same rules, never followed by the kernel.
 */
export const WALKING = String.raw`
use constant O_PATH => 0x200000;
use constant PLACE => O_PATH | O_DIRECTORY | O_NOFOLLOW;

# A fault: its name, whether it is about the path, the root or where it is to go, and why.
our $about = "path";
sub fault { die [$_[0], $about, defined $_[1] ? $_[1] : ""] }

my %faults = (
  ENOENT => "file_not_found", ENOTDIR => "not_a_directory", EISDIR => "is_a_directory", EEXIST => "file_exists",
  ENOTEMPTY => "directory_not_empty", ELOOP => "not_a_regular_file", ENXIO => "not_a_regular_file",
  EACCES => "permission_denied", EPERM => "permission_denied", EROFS => "permission_denied",
  ENOSPC => "disk_full", EDQUOT => "disk_full", EFBIG => "invalid_input", EINVAL => "invalid_input", ENAMETOOLONG => "invalid_input",
  EXDEV => "invalid_input", EBUSY => "invalid_input",
);
sub failed {
  my $text = "$!";
  for my $name (keys %faults) { fault($faults{$name}) if $!{$name} }
  fault("internal", $text);
}

# With fractions of a second, where the image has them.
my $fine = eval { require Time::HiRes; Time::HiRes->can("lstat") ? 1 : 0 };
sub stat_name { $fine ? Time::HiRes::lstat($_[0]) : lstat($_[0]) }
sub stat_open { $fine ? Time::HiRes::stat($_[0]) : stat($_[0]) }

sub here { "/proc/self/fd/" . fileno $_[0] }

sub entry {
  my ($path, $target, @s) = @_;
  my $kind = $s[2] & 0170000;
  my $type = $kind == 0100000 ? "file" : $kind == 0040000 ? "directory" : $kind == 0120000 ? "symlink" : "other";
  my $version = sprintf "%.7f.%s.%s", $s[9], $s[7], $s[1];
  return { path => $path, type => $type, mode => $s[2] & 07777, size => $s[7], version => $version,
    said => sprintf "%s %d %s %.0f %d %s\0%s\0%s", $type, $s[2] & 07777, $s[7], int($s[9] * 1000), $s[3], $version, $path, $target };
}

# What lies at a name, or nothing; again where a link was swapped between the two looks.
sub look {
  my ($at, $path) = @_;
  for (1 .. 100) {
    my @s = stat_name($at);
    return undef if !@s && $!{ENOENT};
    failed() unless @s;
    return entry($path, "", @s) unless ($s[2] & 0170000) == 0120000;
    my $target = readlink $at;
    return entry($path, $target, @s) if defined $target;
    failed() unless $!{EINVAL} || $!{ENOENT};
  }
  fault("file_changed");
}

# A directory, or where the link in its place leads, or undef and $!.
sub enter {
  my ($at) = @_;
  my $fh = open_place($at);
  return $fh if $fh;
  my $error = $! + 0;
  if ($!{ENOTDIR} || $!{ELOOP}) {
    my $target = readlink $at;
    return \$target if defined $target;
  }
  $! = $error;
  return undef;
}
sub open_place {
  my $fh;
  return sysopen($fh, $_[0], PLACE) ? $fh : undef;
}

sub root {
  my ($directory) = @_;
  $about = "root";
  my $fh = open_place($directory);
  failed() unless $fh;
  $about = "path";
  my $real = readlink here($fh);
  return { fh => $fh, names => [$directory, defined $real ? $real : ()] };
}

# What an absolute link says, from the root on.
sub below {
  my ($root, $target) = @_;
  for my $name (@{ $root->{names} }) {
    return substr $target, length $name if $target eq $name || index($target, "$name/") == 0;
  }
  return undef;
}

sub walk {
  my ($root, $path, $follow) = @_;
  my @waiting = split m{/}, $path;
  my @held;
  my $followed = 0;
  my $arrive = sub {
    my ($names, $missing) = @_;
    my $parent = @held ? $held[-1][0] : $root->{fh};
    return { path => join("/", (map { $_->[1] } @held), @$names), parent => $parent,
      at => here($parent) . "/" . (@$names ? $names->[0] : "."), missing => $missing };
  };
  while (@waiting) {
    my $name = shift @waiting;
    next if $name eq "" || $name eq ".";
    if ($name eq "..") {
      fault("path_traversal") unless @held;
      pop @held;
      next;
    }
    my @rest = grep { $_ ne "" && $_ ne "." } @waiting;
    my $at = here(@held ? $held[-1][0] : $root->{fh}) . "/$name";
    my $target;
    if (@rest) {
      my $next = enter($at);
      if (ref $next eq "SCALAR") { $target = $$next }
      elsif (defined $next) { push @held, [$next, $name]; next }
      else { failed() unless $!{ENOENT} }
    } else {
      $target = readlink $at;
      if (defined $target) { return $arrive->([$name], []) unless $follow }
      elsif ($!{EINVAL}) { return $arrive->([$name], []) }
      else { failed() unless $!{ENOENT} }
    }
    if (defined $target) {
      $followed += 1;
      fault("invalid_input", "it leads through too many links") if $followed > 40;
      if ($target =~ m{^/}) {
        $target = below($root, $target);
        fault("path_traversal") unless defined $target;
        @held = ();
      }
      unshift @waiting, split m{/}, $target;
      next;
    }
    fault("file_not_found") if grep { $_ eq ".." } @rest;
    return $arrive->([$name, @rest], [$name, @rest]);
  }
  return $arrive->([], []);
}

sub found { @{ $_[0]{missing} } ? undef : look($_[0]{at}, $_[0]{path}) }
sub there { my $entry = found($_[0]); fault("file_not_found") unless $entry; return $entry }
sub require_file {
  my ($entry) = @_;
  fault("is_a_directory") if $entry->{type} eq "directory";
  fault("not_a_regular_file") if $entry->{type} ne "file";
}

sub names_in {
  my ($fh) = @_;
  opendir my $directory, here($fh) . "/." or failed();
  my @names = grep { $_ ne "." && $_ ne ".." } readdir $directory;
  closedir $directory;
  return @names;
}
`;
