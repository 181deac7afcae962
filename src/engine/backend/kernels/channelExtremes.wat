;; What the kernel ChannelExtremes does to one map [units, channels] in the heap of tfjs' WASM backend: per channel the
;; first maximum and its unit, the minimum, how many units are above 0, and whether one was NaN. Four channels at once.
;; `npm run make:kernels` makes channelExtremes.wasm of this; a test compares them.
(module
  (import "env" "memory" (memory 1))

  ;; `state` has room for five rows of `channels` numbers, each rounded up to 16 bytes: maximum, unit, minimum,
  ;; firing, NaN (not 0). Beyond the map 12 bytes must be readable.
  (func (export "reduce") (param $map i32) (param $units i32) (param $channels i32) (param $state i32)
    (local $stride i32) (local $row i32) (local $tile i32) (local $first i32) (local $end i32)
    (local $channel i32) (local $unit i32) (local $at i32) (local $slot i32)
    (local $walk i32) (local $behind i32) (local $walked i32)
    (local $value v128) (local $better v128) (local $place v128) (local $one v128) (local $zero v128)
    (local $max v128) (local $where v128) (local $min v128) (local $firing v128) (local $nan v128)

    (local.set $stride (i32.shl (local.get $channels) (i32.const 2)))
    (local.set $row
      (i32.and (i32.add (local.get $stride) (i32.const 15)) (i32.const -16)))
    (local.set $one (v128.const i32x4 1 1 1 1))

    ;; Units in tiles, so that a cache line that holds sixteen channels is still near for the next four. Where a unit is
    ;; short, four channels at a time read every so many lines, which no processor foresees: there a tile is a page of
    ;; memory and is walked through once before, line by line (0.30 instead of 0.55 ns a number of maps that come from
    ;; far). Long units are read like that anyhow.
    (local.set $walk (i32.le_u (local.get $stride) (i32.const 1024)))
    (local.set $tile
      (select
        (i32.div_u (i32.const 4096) (local.get $stride))
        (select
          (i32.div_u (i32.const 16384) (local.get $stride))
          (i32.const 4)
          (i32.lt_u (local.get $stride) (i32.const 4096)))
        (local.get $walk)))

    (loop $tiles
      (local.set $end (i32.add (local.get $first) (local.get $tile)))
      (if (i32.gt_u (local.get $end) (local.get $units))
        (then (local.set $end (local.get $units))))

      (if (local.get $walk)
        (then
          (local.set $at
            (i32.add (local.get $map) (i32.mul (local.get $first) (local.get $stride))))
          (local.set $behind
            (i32.add (local.get $map) (i32.mul (local.get $end) (local.get $stride))))
          (loop $lines
            (local.set $walked (i32.or (local.get $walked) (i32.load align=4 (local.get $at))))
            (local.set $at (i32.add (local.get $at) (i32.const 64)))
            (br_if $lines (i32.lt_u (local.get $at) (local.get $behind))))))

      (local.set $channel (i32.const 0))
      (loop $channels_of_tile
        (local.set $slot
          (i32.add (local.get $state) (i32.shl (local.get $channel) (i32.const 2))))
        (if (i32.eqz (local.get $first))
          (then
            (local.set $max (v128.const f32x4 -inf -inf -inf -inf))
            (local.set $min (v128.const f32x4 inf inf inf inf))
            (local.set $where (local.get $zero))
            (local.set $firing (local.get $zero))
            (local.set $nan (local.get $zero)))
          (else
            (local.set $max (v128.load (local.get $slot)))
            (local.set $where
              (v128.load (i32.add (local.get $slot) (local.get $row))))
            (local.set $min
              (v128.load (i32.add (local.get $slot) (i32.mul (local.get $row) (i32.const 2)))))
            (local.set $firing
              (v128.load (i32.add (local.get $slot) (i32.mul (local.get $row) (i32.const 3)))))
            (local.set $nan
              (v128.load (i32.add (local.get $slot) (i32.mul (local.get $row) (i32.const 4)))))))

        (local.set $unit (local.get $first))
        (local.set $place (i32x4.splat (local.get $first)))
        (local.set $at
          (i32.add
            (i32.add (local.get $map) (i32.mul (local.get $first) (local.get $stride)))
            (i32.shl (local.get $channel) (i32.const 2))))
        (loop $units_of_tile
          (local.set $value (v128.load align=4 (local.get $at)))
          ;; No comparison is true of NaN, so it never wins.
          (local.set $better (f32x4.gt (local.get $value) (local.get $max)))
          ;; pmax(a, b) is b where a < b: the first stays on ties, and NaN never gets in.
          (local.set $max (f32x4.pmax (local.get $max) (local.get $value)))
          (local.set $where
            (v128.bitselect (local.get $place) (local.get $where) (local.get $better)))
          (local.set $min (f32x4.pmin (local.get $min) (local.get $value)))
          ;; A comparison that is true is -1.
          (local.set $firing
            (i32x4.sub (local.get $firing)
              (f32x4.gt (local.get $value) (local.get $zero))))
          (local.set $nan
            (v128.or (local.get $nan) (f32x4.ne (local.get $value) (local.get $value))))
          (local.set $place (i32x4.add (local.get $place) (local.get $one)))
          (local.set $at (i32.add (local.get $at) (local.get $stride)))
          (local.set $unit (i32.add (local.get $unit) (i32.const 1)))
          (br_if $units_of_tile (i32.lt_u (local.get $unit) (local.get $end))))

        (v128.store (local.get $slot) (local.get $max))
        (v128.store (i32.add (local.get $slot) (local.get $row)) (local.get $where))
        (v128.store
          (i32.add (local.get $slot) (i32.mul (local.get $row) (i32.const 2))) (local.get $min))
        (v128.store
          (i32.add (local.get $slot) (i32.mul (local.get $row) (i32.const 3))) (local.get $firing))
        (v128.store
          (i32.add (local.get $slot) (i32.mul (local.get $row) (i32.const 4))) (local.get $nan))

        (local.set $channel (i32.add (local.get $channel) (i32.const 4)))
        (br_if $channels_of_tile (i32.lt_u (local.get $channel) (local.get $channels))))

      (local.set $first (local.get $end))
      (br_if $tiles (i32.lt_u (local.get $first) (local.get $units))))))
