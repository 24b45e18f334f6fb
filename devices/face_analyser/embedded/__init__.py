"""Face analysis on the terminal's own processor: BlazeFace and the face mesh through OpenCV, dlib's ResNet."""
