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

    hint_hold_s: float = 2.0
    """A hint stays this long before another replaces it, so that it can be read and spoken."""

    baseline_s: float = 1.2
    baseline_min_frames: int = 10
    baseline_max_shift: float = 0.08
    """Nose movement inside the baseline; above, the face was not still and the baseline starts again. A head that
    trembles by 1.6 degrees to both sides moves it by 0.05."""

    turn_shift: float = 0.12
    """Nose shift along the eye line in the asked direction. Flat photos: median at most 0.020; rendered heads reach it
    at 9 to 11 degrees, sheets bent to a tube at 25 and more."""

    turn_residual: float = 0.035
    """Departure from every homography there. Moving head: 5th percentile 0.035; flat photos: 95th percentile 0.013."""

    turn_yaw_deg: float = 7.0
    """And the mesh's own yaw has changed so much. Rendered heads at shift 0.10: 7 to 10 degrees; prints slanted by up
    to 48: at most 4.8, though their residual reaches 0.05 there because the mesh loses a slanted face."""

    nod_shift: float = 0.08
    """The same downwards for a nod. Rendered heads reach it at a pitch of 7 to 12 degrees, flat and bent prints
    pitched by 30 at no time (at most 0.06)."""

    dot_places: int = 3
    dot_shift: float = 0.08
    """Places the dot takes, and how far the nose must go towards each."""

    dot_place_s: float = 4.0
    """A place not reached in this time counts as missed; the dot goes back to the middle and the try ends."""

    dot_cosine: float = 0.7
    """How nearly the nose goes the asked way: the cosine of the angle between them."""

    solidity: float = 0.74
    solid_from: float = 0.06
    """Relief seen by relief due, from movements of this size on. Rendered heads that turn by 12 degrees or more: 0.75
    to 0.91, nodding 0.96 to 1.07; sheets bent to a tube of 15 to 70 degrees half-angle, turned by 30: at most 0.72."""

    reaction_s: float = 0.15
    """Nobody answers sooner: what moves by then was not asked."""

    turn_frames: int = 3
    """Frames in a row that show the turn: one bad frame proves nothing."""

    centre_shift: float = 0.05
    centre_hold_s: float = 0.2
    """Back at the centre: nose shift at most this for this long."""

    wrong_way_rest_s: float = 0.5
    """After a turn the wrong way the face rests this long at the centre before a turn counts again."""

    min_openness: float = 0.12
    """Lids' gap by the eye's width of eyes that can be seen to close. Of 1,780 web portraits 1 % lie below 0.157."""

    closed_share: float = 0.50
    reopened_share: float = 0.75
    """Of the usual openness. Real blinks went down to 0.15 of it."""

    blink_min_s: float = 0.06
    blink_max_s: float = 1.5
    blink_pose_deg: float = 8.0
    """The head keeps still while the lids are down: pitch narrows eyes too."""

    covered_change: float = 0.22
    """Greys beside the eyes that change by so much of the face's brightness while they close: something is held before
    them. The second largest change was at most 0.21 in real blinks, and 0.21 to 0.54 under 396 strips of any colour
    (1 % below 0.25)."""

    blinks: int = 2
    """Blinks that make the action."""

    flat_stretch: float = 0.08
    flat_residual: float = 0.04
    flat_rotation_deg: float = 6.0
    """Flat: foreshortened as a plane turned about 22 degrees (stretch), nearly a homography (residual), while the
    mesh's own angles hardly changed. Rendered heads show that stretch at 11 degrees or more."""

    flat_limit_s: float = 1.0
    """Seconds of flat movement in one try that end the try."""

    frozen_frames: int = 5
    """Frames with the very same pixels as an earlier one. A sensor's noise never gives two such frames."""

    infrared_frames: int = 10
    infrared_texture: float = 0.12
    """Of these many looks of the second camera at least half must show a face with this texture."""

    screen_signs: int = 2
    """So many of moire, bezel, backdrop and beat together are a screen; a single one is a doubt."""

    screen_looks: int = 4
    """Looks at pattern and bezel before anything is said of them; the analyser takes one in five frames."""

    moire: float = 2.8
    """How far a regular pattern stands out, natural logarithm. Rendered citizens: 1.0 to 2.1, prints the same; screens
    3.6 to 6.5 where the grids of screen and sensor meet, 1.3 where they do not."""

    bezel: float = 0.6
    """Rendered citizens: 0; screens 0.97; prints, whose border is a frame too, 0.1 to 0.9."""

    backdrop_together: float = 0.6
    backdrop_movement_px2: float = 40.0
    """The face goes along with what moves beside it, once that has moved so far. Replays in a hand: 0.9 to 1.3 after
    160 px²; behind rendered citizens nothing moves (at most 0.06 px²), and people who pass move otherwise."""

    beat: float = 0.35
    beat_frames: int = 6
    beat_step: float = 0.012
    beat_still: float = 0.2
    """Share of a movement's frames that stand still; it moves where the nose steps so far before and after."""

    bent_solidity: float = 0.6
    bent_limit_s: float = 0.5
    """Seconds of a movement of a head's size with less solidity than any head's that end the try."""

    early_limit: int = 3
    """Movements before the asking could be answered that give a try its name."""

    flash: bool = False
    """The four colours after the actions; off until a site has calibrated them on its own light."""

    flash_colour_s: float = 0.3
    """Each colour stands this long: 3.3 changes a second in brightness hardly differing, far from any strobe."""

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

    same_face_distance: float = 0.5
    """Two frames of one session further apart show two persons. Rendered heads turned by 20 degrees: at most 0.39 to
    the front, 0.46 from the left to the right; another person: 0.65 and more."""

    def paced(self, pace: float) -> "FaceSettings":
        """The citizen takes ``pace`` times as long as usual for everything that is asked."""
        return replace(
            self,
            position_limit_s=self.position_limit_s * pace,
            try_s=self.try_s * pace,
            dot_place_s=self.dot_place_s * pace,
            session_limit_s=self.session_limit_s * pace,
        )
