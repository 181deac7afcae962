;; Batch normalization of a map [units, channels] in the heap of tfjs' WASM backend: (x − mean) · factor + offset, four
;; channels at once. tfjs' own kernel takes a number at a time, with four indices that wrap around and a division: 4 ns
;; instead of 0.3. `npm run make:kernels` makes batchNorm.wasm of this.
(module
  (import "env" "memory" (memory 1))

  ;; `numbers`: three rows of `channels` numbers, each rounded up to 16 bytes: mean, factor, offset.
  (func (export "normalize")
    (param $map i32) (param $units i32) (param $channels i32) (param $numbers i32) (param $out i32)
    (local $row i32) (local $end i32) (local $whole i32) (local $left i32) (local $slot i32)
    (local $offset i32)

    (local.set $whole (i32.and (local.get $channels) (i32.const -4)))
    (local.set $row
      (i32.and (i32.add (i32.shl (local.get $channels) (i32.const 2)) (i32.const 15)) (i32.const -16)))
    (local.set $offset (i32.shl (local.get $row) (i32.const 1)))
    (local.set $end
      (i32.add (local.get $map)
        (i32.shl (i32.mul (local.get $units) (local.get $channels)) (i32.const 2))))

    (loop $each_unit
      (local.set $slot (local.get $numbers))
      (local.set $left (local.get $whole))
      (if (local.get $left)
        (then
          (loop $four
            (v128.store align=4 (local.get $out)
              (f32x4.add
                (f32x4.mul
                  (f32x4.sub (v128.load align=4 (local.get $map)) (v128.load (local.get $slot)))
                  (v128.load (i32.add (local.get $slot) (local.get $row))))
                (v128.load (i32.add (local.get $slot) (local.get $offset)))))
            (local.set $map (i32.add (local.get $map) (i32.const 16)))
            (local.set $out (i32.add (local.get $out) (i32.const 16)))
            (local.set $slot (i32.add (local.get $slot) (i32.const 16)))
            (local.set $left (i32.sub (local.get $left) (i32.const 4)))
            (br_if $four (local.get $left)))))

      (local.set $left (i32.sub (local.get $channels) (local.get $whole)))
      (if (local.get $left)
        (then
          (loop $one
            (f32.store (local.get $out)
              (f32.add
                (f32.mul
                  (f32.sub (f32.load (local.get $map)) (f32.load (local.get $slot)))
                  (f32.load (i32.add (local.get $slot) (local.get $row))))
                (f32.load (i32.add (local.get $slot) (local.get $offset)))))
            (local.set $map (i32.add (local.get $map) (i32.const 4)))
            (local.set $out (i32.add (local.get $out) (i32.const 4)))
            (local.set $slot (i32.add (local.get $slot) (i32.const 4)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br_if $one (local.get $left)))))

      (br_if $each_unit (i32.lt_u (local.get $map) (local.get $end))))))
