"""The figures the liveness decision rests on, each with its source."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class FaceSettings:
    """Defaults measured on public pictures and one moving performer; a site calibrates ``match_threshold``.

    Lengths are shares of the eye distance (between the centres of both eyes) unless a unit is named.
    """

    min_eye_distance_px: float = 80.0
    """Below, the recogniser loses detail; at 640x480 this is 30 to 60 cm from the camera."""

    max_eye_distance_px: float = 190.0
    """Above, chin or forehead leave a 640x480 picture."""

    max_pose_deg: float = 15.0
    """|yaw| and |roll| of a face that looks at the camera."""

    max_pitch_deg: float = 25.0
    """Wider than ``max_pose_deg``: a screen below or above the camera tilts every face a little."""

    min_brightness: float = 50.0
    max_brightness: float = 225.0
    """Mean grey of the face region, 0 to 255."""

    min_sharpness: float = 12.0
    """Variance of the Laplacian of the face region at a width of 128 pixels."""

    position_hold_s: float = 0.8
    position_limit_s: float = 30.0
    """E-11: one hint at a time, 30 s, then the next try."""

    hint_hold_s: float = 1.0
    """A hint stays this long before another replaces it, so that it can be read and spoken."""

    baseline_s: float = 1.2
    baseline_min_frames: int = 10
    baseline_max_shift: float = 0.05
    """Nose movement inside the baseline; above, the face was not still and the baseline starts again."""

    turn_shift: float = 0.10
    """Nose shift along the eye line in the asked direction. Flat photos: median at most 0.020."""

    turn_residual: float = 0.035
    """Departure from every homography there. Moving head: 5th percentile 0.035; flat photos: 95th percentile 0.013."""

    turn_yaw_deg: float = 7.0
    """And the mesh's own yaw has changed so much. Rendered heads at shift 0.10: 7 to 10 degrees; prints slanted by up
    to 48: at most 4.8, though their residual reaches 0.05 there because the mesh loses a slanted face."""

    turn_frames: int = 3
    """Frames in a row that show the turn: one bad frame proves nothing."""

    centre_shift: float = 0.05
    centre_hold_s: float = 0.2
    """Back at the centre: nose shift at most this for this long."""

    wrong_way_rest_s: float = 0.5
    """After a turn the wrong way the face rests this long at the centre before a turn counts again."""

    flat_stretch: float = 0.08
    flat_residual: float = 0.04
    flat_rotation_deg: float = 6.0
    """Flat: foreshortened as a plane turned about 22 degrees (stretch), nearly a homography (residual), while the
    mesh's own angles hardly changed. Rendered heads show that stretch at 11 degrees or more."""

    flat_limit_s: float = 1.0
    """Seconds of flat movement in one try that end the try."""

    try_s: float = 12.0
    tries: int = 2

    session_limit_s: float = 90.0
    """Both tries with their positioning, whatever interrupts them."""

    max_jump: float = 0.6
    max_gap_s: float = 0.5
    """A face that jumps further between two frames, or is away longer, is another face."""

    comparison_frames: int = 5
    comparison_min_frames: int = 3
    match_threshold: float = 0.55
    """dlib ResNet distance. At 0.55 with a 102x126 reference of 1,024 bytes: FMR 0.005 %, FNMR 11 %."""

    grey_threshold: float = 0.60
    """Up to here an old portrait passes when nothing else is in doubt. At 0.60: FMR 0.079 %, FNMR 2.8 %; at 0.58: FMR
    0.028 %, FNMR 5.1 %."""

    grey_photo_years: float = 3.0
    """A portrait is old from this age on."""

    same_face_distance: float = 0.45
    """Two frames of one session further apart show two persons. Rendered heads turned by 20 degrees: at most 0.4 to
    the front; another person: 0.65 and more."""

    def paced(self, pace: float) -> "FaceSettings":
        """The citizen takes ``pace`` times as long as usual for everything that is asked."""
        return replace(
            self,
            position_limit_s=self.position_limit_s * pace,
            try_s=self.try_s * pace,
            session_limit_s=self.session_limit_s * pace,
        )
