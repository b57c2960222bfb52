import "../../shared/tokens.css";
import "../../shared/fonts.css";
