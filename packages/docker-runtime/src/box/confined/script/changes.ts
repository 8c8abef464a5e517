/**
 * What changes something. Each comes in two steps: first the way is walked and held, and what lies there told; then, once that is
 * permitted, `commit` does it there. Where nobody has to be asked the second follows at once.
 */
export const CHANGING = String.raw`
sub held {
  my ($now, $kept, @told) = @_;
  return $kept->{commit}->("") if $now;
  return (keep($kept), @told);
}
sub do_commit {
  my ($number, $bytes) = @_;
  my $kept = $kept{$number};
  fault("internal", "nothing is kept") unless $kept;
  my @answer = $kept->{commit}->($bytes);
  delete $kept{$number};
  return @answer;
}
sub do_put {
  my ($number, $bytes) = @_;
  my $kept = $kept{$number};
  fault("internal", "nothing is kept") unless $kept;
  $kept->{put}->($bytes);
  return ();
}

# Makes what is missing of the way, its last name left out; gives the directory held, and what undoes it.
sub make_way {
  my ($way) = @_;
  my @missing = @{ $way->{missing} };
  my $name = pop @missing;
  my $parent = $way->{parent};
  my @made;
  my $undo = sub { rmdir $_->[0] for reverse @made; @made = () };
  for my $each (@missing) {
    my $at = here($parent) . "/$each";
    # The directory that it lies in stays held for as long as it may have to be removed again.
    if (mkdir $at) { push @made, [$at, $parent] }
    elsif (!$!{EEXIST}) { my $error = $! + 0; $undo->(); $! = $error; failed() }
    my $next = open_place($at);
    if (!$next) { my $error = $! + 0; $undo->(); $! = $error; failed() }
    $parent = $next;
  }
  return ($parent, defined $name ? here($parent) . "/$name" : $way->{at}, $undo);
}

sub require_expected {
  my ($entry, $expect) = @_;
  return if $expect eq "";
  fault("file_exists") if $expect eq "absent" && $entry;
  fault("file_changed") if $expect ne "absent" && (!$entry || $entry->{version} ne $expect);
}

sub random_name {
  open my $random, "<:raw", "/dev/urandom" or failed();
  read $random, my $bytes, 9;
  return ".ws-" . unpack "H*", $bytes;
}

sub do_write {
  my ($root, $path, $parents, $expect, $mode, $now, $bytes) = @_;
  my $way = walk(root($root), $path, 0);
  my $old = found($way);
  fault("not_a_regular_file", "is a link") if $old && $old->{type} eq "symlink";
  require_file($old) if $old;
  fault("file_not_found") if @{ $way->{missing} } > 1 && !$parents;
  require_expected($old, $expect);
  $mode = $mode ne "" ? $mode : $old ? $old->{mode} : 0644;

  my ($parent, $at, $unmake, $temporary, $fh);
  my $undo = sub { unlink $temporary if defined $temporary; $unmake->() if $unmake; undef $temporary };
  my $put = sub {
    if (!$fh) {
      ($parent, $at, $unmake) = make_way($way);
      $temporary = here($parent) . "/" . random_name();
      my $made = sysopen $fh, $temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600;
      if (!$made) { undef $temporary; undef $fh; failed() }
    }
    for (my $from = 0; $from < length $_[0]; ) {
      my $wrote = syswrite $fh, $_[0], length($_[0]) - $from, $from;
      failed() unless defined $wrote;
      $from += $wrote;
    }
  };
  my $commit = sub {
    $put->($_[0]);
    chmod $mode, $fh or failed();
    require_expected(look($at, $way->{path}), $expect) if $expect ne "";
    if ($expect eq "absent" && link $temporary, $at) { unlink $temporary }
    elsif ($expect eq "absent" && $!{EEXIST}) { fault("file_exists") }
    else { rename $temporary, $at or failed() }
    undef $temporary;
    return ($old ? 0 : 1, entry($way->{path}, "", stat_open($fh))->{said});
  };
  if ($now) {
    my @answer = eval { $commit->($bytes) };
    if (my $fault = $@) { $undo->(); die $fault }
    return @answer;
  }
  return (keep({ put => $put, commit => $commit, undo => $undo }), $way->{path}, $old ? $old->{said} : "");
}

sub do_mkdir {
  my ($root, $path, $now) = @_;
  my $way = walk(root($root), $path, 1);
  my $old = found($way);
  fault("not_a_directory") if $old && $old->{type} ne "directory";
  my $commit = sub {
    return (0, $way->{path}) if $old;
    my ($parent, $at, $undo) = make_way($way);
    if (!mkdir $at) { my $error = $! + 0; $undo->(); $! = $error; failed() }
    return (1, $way->{path});
  };
  return held($now, { commit => $commit }, $way->{path}, $old ? $old->{said} : "");
}

sub do_rename {
  my ($root, $from, $to, $replace, $now) = @_;
  my $base = root($root);
  my $source = walk($base, $from, 0);
  my $moved = there($source);
  $about = "to";
  my $target = walk($base, $to, 0);
  my $old = found($target);
  fault("file_not_found") if @{ $target->{missing} } > 1;
  if ($source->{path} eq "" || $target->{path} eq "") { $about = "path"; fault("invalid_input", "it is the directory itself") }
  fault("file_exists") if $old && !$replace;
  my $commit = sub {
    $about = "to";
    rename $source->{at}, $target->{at} or failed();
    return ($target->{path});
  };
  tell_held($source, $moved) unless $now;
  return held($now, { commit => $commit }, $target->{path}, $moved->{said}, $old ? $old->{said} : "");
}

sub do_remove {
  my ($root, $path, $recursive, $now) = @_;
  my $way = walk(root($root), $path, 0);
  fault("invalid_input", "it is the directory itself") if $way->{path} eq "";
  my $entry = found($way);
  my $commit = sub {
    return (0, $way->{path}) unless $entry;
    if ($entry->{type} eq "directory" && !$recursive) { rmdir $way->{at} or failed() }
    else { remove_all($way->{at}) }
    return (1, $way->{path});
  };
  tell_held($way, $entry) if $entry && $recursive && !$now;
  return held($now, { commit => $commit }, $way->{path}, $entry ? $entry->{said} : "");
}

sub tell_held {
  my ($way, $entry) = @_;
  return unless $entry->{type} eq "directory";
  my $fh = open_place($way->{at});
  failed() unless $fh;
  my ($add, $flush) = in_parts();
  tell_below($fh, $way->{path}, $add);
  $flush->();
}

# Links are removed and never followed, not even where one takes the place of a directory meanwhile.
sub remove_all {
  my ($at) = @_;
  my $error;
  for (1 .. 100) {
    return if unlink $at;
    return if $!{ENOENT};
    failed() unless $!{EISDIR} || $!{EPERM};
    $error = $! + 0;
    my $fh = open_place($at);
    if (!$fh) { next if $!{ENOTDIR} || $!{ELOOP} || $!{ENOENT}; failed() }
    my $here = here($fh);
    my @s = stat("$here/.");
    chmod 0700, $here if !@s || ($s[2] & 0700) != 0700;
    remove_all("$here/$_") for names_in($fh);
    return if rmdir $at;
    return if $!{ENOENT};
    failed() unless $!{ENOTEMPTY} || $!{EEXIST} || $!{ENOTDIR};
  }
  $! = $error;
  failed();
}
`;
